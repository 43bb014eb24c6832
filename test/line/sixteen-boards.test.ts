import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeFault } from '../../src/shared/fault/fault.ts'
import { boardName } from '../../src/shared/model/board-name.ts'
import type { BoardEntry } from '../scenarios/bench-boards.ts'
import { type DemoLibrary, demoLibrary, demoPlatformOf, resolved } from './firmware.ts'
import { missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const bad = [
  { platform: 'boron', faults: ['silent write'] },
  { platform: 'boron', faults: ['unplug at block 7'] },
  { platform: 'boron', faults: ['comes back as another board'] },
  { platform: 'boron', faults: ['stall at block 7'] },
] as const satisfies readonly BoardEntry[]

const boards: readonly BoardEntry[] = [
  { platform: 'boron', count: 4 },
  ...bad,
  { platform: 'photon', count: 4 },
  { platform: 'p2', count: 4 },
]

it('twelve good boards beside four bad ones: twelve PASS, four faults with their remedies, sixteen records', async () => {
  const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
  const slots = await line.verdicts()
  expect(slots.map(({ state, fault }) => (fault ? `${state} ${fault.code}` : state))).toEqual([
    ...Array.from({ length: 4 }, () => 'passed'),
    'failed DFU_VERIFY_FAILED',
    'error USB_GONE',
    'error BOARD_SWAPPED',
    'failed DFU_WRITE_FAILED',
    ...Array.from({ length: 8 }, () => 'passed'),
  ])
  expect(slots.flatMap(({ fault }) => (fault ? describeFault(fault).remedy : []))).toEqual([
    'Start again once. Second time: red bin.',
    'Check the cable, plug the board in again, start again.',
    'Two boards were exchanged while working. Put both aside and start each again alone.',
    'Start again once. Second time: red bin.',
  ])

  const records = line.records()
  expect(records.map(({ slot }) => slot).sort((a, b) => a - b)).toEqual(slots.map(({ slot }) => slot))
  expect(new Set(records.map(({ deviceId }) => deviceId)).size).toBe(16)
  for (const { slot, deviceId, recordId, closing } of records) {
    const view = slots[slot - 1]
    expect(closing).toMatchObject({ outcome: view?.job?.outcome, fault: view?.fault })
    expect([view?.board && boardName(view.board), view?.job?.recordId]).toEqual([deviceId, recordId])
  }
  expect(line.ledger.search({ outcome: 'open' }).total).toBe(0)
  expect(await line.ledger.verify()).toMatchObject({ ok: true, records: 16 })

  for (const [at, board] of line.boards.entries()) {
    const missing = missingOn(board, demo.images[demoPlatformOf(board)])
    if (slots[at]?.state === 'passed') expect(missing).toEqual([])
    else expect(missing).not.toEqual([])
  }
})

it('thirty-two boards take hardly longer than one', async () => {
  const recipe = await resolved(demo.library)
  const durations = async (count: number) => {
    const line = openLine({ boards: [{ platform: 'boron', count }], shelf: demo.library, recipe })
    const slots = await line.verdicts()
    expect(slots.map(({ state }) => state)).toEqual(slots.map(() => 'passed'))
    return slots.map(({ job }) => job?.durationMs ?? Number.POSITIVE_INFINITY)
  }
  const [alone = 0] = await durations(1)
  const together = await durations(32)
  expect(Math.max(...together)).toBeLessThan(alone * 1.05)
})
