import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultPhrases } from '../../src/main/sim/faults.ts'
import { faultCodes } from '../../src/shared/fault/fault-codes.ts'
import { type DemoLibrary, demoLibrary, demoPlatformOf, resolved } from './firmware.ts'
import { missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const platforms = ['boron', 'photon', 'p2'] as const

/** What each scripted fault must come to on every family: the code of the fault table, or PASS where it does no harm. */
const expected: Readonly<Record<string, string>> = {
  'unplug at block N': 'USB_GONE',
  'stall at block N': 'DFU_WRITE_FAILED',
  'wrong status at block N': 'DFU_WRITE_FAILED',
  'write error at block N': 'DFU_WRITE_FAILED',
  'busy for ever at block N': 'DFU_STUCK_BUSY',
  'no answer at block N': 'DFU_STUCK_BUSY',
  'reset at block N': 'USB_GONE',
  'flip a bit at block N': 'DFU_VERIFY_FAILED',
  'misread block N': 'DFU_VERIFY_FAILED',
  'unplug during erase': 'USB_GONE',
  'unplug during update': 'USB_GONE',
  'silent write': 'DFU_VERIFY_FAILED',
  'silent write from block N': 'DFU_VERIFY_FAILED',
  'never comes back': 'MODE_SWITCH_TIMEOUT',
  'never comes back after dfu': 'MODE_SWITCH_TIMEOUT',
  'never comes back into dfu': 'MODE_SWITCH_TIMEOUT',
  'comes back as another board': 'BOARD_SWAPPED',
  'comes back as another board after dfu': 'BOARD_SWAPPED',
  'comes back as another board into dfu': 'BOARD_SWAPPED',
  'boots into dfu': 'MODE_SWITCH_TIMEOUT',
  'boots into safe mode': 'PASS',
  'stays in dfu': 'MODE_SWITCH_TIMEOUT',
  'access denied': 'USB_ACCESS_DENIED',
  'access denied for N ms': 'USB_ACCESS_DENIED',
  'no driver': 'USB_ACCESS_DENIED',
  'used by another program': 'USB_BUSY',
  'upper case serial': 'PASS',
  'flash slow by factor N': 'PASS',
}

it('knows every fault that can be scripted', () => {
  expect(Object.keys(expected).sort()).toEqual([...faultPhrases].sort())
})

it('every scripted fault on every family: its own code, one record, and PASS only for what the flash holds', async () => {
  const scripted = faultPhrases.flatMap((phrase) => platforms.map((platform) => ({ phrase, platform })))
  const boards = scripted.map(({ phrase, platform }) => ({ platform, faults: [phrase.replace('N', '3')] }))
  const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
  const slots = await line.verdicts()

  const found = scripted.map((each, at) => ({ ...each, result: slots[at]?.fault?.code ?? 'PASS' }))
  expect(found).toEqual(scripted.map((each) => ({ ...each, result: expected[each.phrase] })))

  for (const [at, { state, job, fault }] of slots.entries()) {
    const board = line.boards[at]
    const missing = board ? missingOn(board, demo.images[demoPlatformOf(board)]) : ['no board']
    if (state === 'passed') expect(missing).toEqual([])
    if (fault && job) expect(job.outcome).toBe(faultCodes[fault.code].outcome)
  }

  const worked = slots.filter(({ job }) => job !== null)
  const records = line.records()
  expect(records.map(({ slot }) => slot).sort((a, b) => a - b)).toEqual(worked.map(({ slot }) => slot))
  for (const { slot, deviceId, closing } of records) {
    expect([deviceId, closing?.outcome, closing?.fault]).toEqual([
      line.boards[slot - 1]?.spec.facts.deviceId,
      slots[slot - 1]?.job?.outcome,
      slots[slot - 1]?.fault,
    ])
  }
  expect(line.ledger.search({ outcome: 'open' }).total).toBe(0)
})

it('a stranger that comes back in DFU mode is not touched: the record that is open is not its own', async () => {
  const boards = platforms.map((platform) => ({ platform, faults: ['comes back as another board into dfu'] }))
  const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
  await line.verdicts()
  for (const board of line.boards) {
    expect(board.mode()).toBe('dfu')
    expect(board.account().transfersByRequest['dfu-dnload']).toBeUndefined()
  }
})
