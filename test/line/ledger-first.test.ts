import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RecordSink } from '../../src/main/station/ports.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { type DemoLibrary, demoLibrary, demoPlatformOf, resolved } from './firmware.ts'
import { fingerprint, missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const boards = [{ platform: 'boron' }, { platform: 'photon' }, { platform: 'p2', start: 'dfu' }] as const
const silence = () => new Promise<never>(() => undefined)
const fullDisk = async () => {
  throw new Fault('LEDGER_UNWRITABLE', 'SQLITE_FULL')
}

it.each([
  ['that never answers', { open: silence }],
  ['that refuses', { open: fullDisk }],
])('no byte goes to a board whose record a ledger %s has not opened', async (_, broken) => {
  const records = ({ sink }: { readonly sink: RecordSink }) => ({ ...sink, ...broken })
  const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library), records })
  const before = line.boards.map(fingerprint)
  const slots = await line.verdicts()
  expect(slots.map(({ state, fault }) => `${state} ${fault?.code}`)).toEqual(slots.map(() => 'error LEDGER_UNWRITABLE'))
  expect(line.boards.map(fingerprint)).toEqual(before)
  for (const board of line.boards) {
    const { transfersByRequest, bytesProgrammed } = board.account()
    expect([transfersByRequest['dfu-dnload'], transfersByRequest['dfu-clrstatus'], bytesProgrammed]).toEqual([
      undefined,
      undefined,
      0,
    ])
  }
  expect(line.records()).toEqual([])
})

it('a record that is opened too late is closed at once, and the board stays as it is', async () => {
  const line = openLine({
    boards,
    shelf: demo.library,
    recipe: await resolved(demo.library),
    records: ({ sink }) => ({
      ...sink,
      open: async (opening): Promise<RecordId> => {
        await line.clock.sleep(60_000)
        return sink.open(opening)
      },
    }),
  })
  const before = line.boards.map(fingerprint)
  await line.verdicts()
  await line.clock.sleep(60_000)
  expect(line.records().map(({ closing }) => closing?.fault?.code)).toEqual(boards.map(() => 'LEDGER_UNWRITABLE'))
  expect(line.boards.map(fingerprint)).toEqual(before)
})

it.each([
  ['never answers', { close: silence }],
  ['refuses', { close: fullDisk }],
])('no PASS is told when a ledger %s at the closing', async (_, broken) => {
  const records = ({ sink }: { readonly sink: RecordSink }) => ({ ...sink, ...broken })
  const told: string[] = []
  const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library), records })
  line.station.watch((news) => {
    if (news.kind === 'slots') told.push(...news.slots.map(({ state }) => state))
  })
  const slots = await line.verdicts()
  expect(slots.map(({ state, fault }) => `${state} ${fault?.code}`)).toEqual(slots.map(() => 'error LEDGER_UNWRITABLE'))
  expect(told).not.toContain('passed')
  // The boards are flashed, and their records are open: the next start closes them as interrupted.
  for (const board of line.boards) expect(missingOn(board, demo.images[demoPlatformOf(board)])).toEqual([])
  expect(line.records().map(({ closing }) => closing)).toEqual([null, null, null])
})

it('each record is open in the ledger before the first request that could change its board', async () => {
  const changesAtOpening: number[] = []
  const line = openLine({
    boards,
    shelf: demo.library,
    recipe: await resolved(demo.library),
    records: ({ sink }) => ({
      ...sink,
      open: async (opening) => {
        await line.clock.sleep(2_000)
        const board = line.boards.find((each) => each.facts().deviceId === opening.deviceId)
        const { bytesOut, bytesProgrammed } = board?.account() ?? { bytesOut: -1, bytesProgrammed: -1 }
        changesAtOpening.push(bytesOut + bytesProgrammed)
        return sink.open(opening)
      },
    }),
  })
  await line.verdicts()
  expect(changesAtOpening).toEqual([0, 0, 0])
})
