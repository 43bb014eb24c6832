// A station that starts again finds boards on its bench that nobody touched: it does not flash them by itself.
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt, openDataFolder } from '../../src/main/desk/data-folder.ts'
import type { DeskOptions } from '../../src/main/desk/desk.ts'
import { openSettings } from '../../src/main/desk/settings-file.ts'
import type { HeldBoard } from '../../src/main/station/station-command.ts'
import { known } from '../../src/shared/model/identity.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import type { Outcome } from '../../src/shared/model/record.ts'
import { device, deviceClosing, deviceOpening, loader } from '../audit/record-samples.ts'
import { keptLog } from '../host/fake-host.ts'
import { playedDesk, temporaryFolder } from './desk-under-test.ts'
import { closingOf, deviceId, openingIn, port, readySlot } from './samples.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

interface Earlier {
  readonly slot: number
  /** null: cut off. */
  readonly outcome: Outcome | null
  readonly agoMs?: number
  readonly board?: number
  readonly isSimulated?: boolean
}

/** What an earlier run wrote, oldest first, with slots 1 to 4 on their ports. */
function afterRun(jobs: readonly Earlier[]): { readonly dataFolder: string; readonly ids: readonly RecordId[] } {
  const dataFolder = temporaryFolder()
  openDataFolder(dataFolder)
  openSettings(dataFolderAt(dataFolder).settings, keptLog()).change({ slots: ['1-1', '1-2', '1-3', '1-4'] })
  const time = { now: 0 }
  const clock = { now: () => time.now }
  const ledger = openLedger({ file: dataFolderAt(dataFolder).ledger, stationId: 'S', softwareVersion: '0', clock })
  const ids = jobs.map(({ slot, outcome, agoMs = hourMs, board = slot, isSimulated = false }) => {
    time.now = Date.now() - agoMs
    const opening = { ...openingIn(slot), deviceId: deviceId(board), isSimulated, startedAt: time.now }
    const recordId = ledger.openRecord(opening)
    if (outcome) ledger.closeRecord({ ...closingOf(recordId, outcome), endedAt: time.now })
    return recordId
  })
  ledger[Symbol.dispose]()
  return { dataFolder, ids }
}

async function heldBy(dataFolder: string, change: Partial<DeskOptions> = {}): Promise<readonly HeldBoard[]> {
  const under = await playedDesk({ dataFolder, ...change })
  await expect.poll(() => under.commands().length).toBeGreaterThan(0)
  return under.commands().flatMap((command) => (command.kind === 'hold' ? command.boards : []))
}

describe('a station that starts again', () => {
  it('holds the boards it was cut off from, and those that had their verdict', async () => {
    const { dataFolder, ids } = afterRun([
      { slot: 1, outcome: 'pass', agoMs: minuteMs },
      { slot: 2, outcome: 'fail' },
      { slot: 3, outcome: null, agoMs: 200 * hourMs },
    ])
    const held = await heldBy(dataFolder)
    expect(held).toHaveLength(3)
    expect(held).toEqual(
      expect.arrayContaining([
        {
          slot: 1,
          job: 'flash',
          name: deviceId(1),
          faces: [],
          recordId: ids[0],
          outcome: 'pass',
          fault: null,
          durationMs: 60_000,
        },
        expect.objectContaining({ slot: 2, name: deviceId(2), recordId: ids[1], outcome: 'fail' }),
        expect.objectContaining({
          ...{ slot: 3, name: deviceId(3), recordId: ids[2], outcome: 'interrupted' },
          fault: expect.objectContaining({ code: 'STATION_CRASHED' }),
        }),
      ]),
    )
  })

  it('holds the last board of a slot only, and only where that board was last', async () => {
    const { dataFolder, ids } = afterRun([
      { slot: 1, outcome: 'pass', board: 11, agoMs: minuteMs },
      { slot: 1, outcome: 'pass', board: 12, agoMs: minuteMs },
      // Board 13 went on to slot 3: whoever puts it back into slot 2 wants something.
      { slot: 2, outcome: 'fail', board: 13 },
      { slot: 3, outcome: 'pass', board: 13, agoMs: minuteMs },
    ])
    const held = await heldBy(dataFolder)
    expect(new Set(held.map(({ recordId }) => recordId))).toEqual(new Set([ids[1], ids[3]]))
  })

  it('forgets what was on the bench before the weekend, on other ports, or only simulated', async () => {
    const { dataFolder } = afterRun([
      { slot: 1, outcome: 'fail', agoMs: 100 * hourMs },
      { slot: 2, outcome: 'fail', isSimulated: true },
      { slot: 3, outcome: 'fail' },
    ])
    const settings = openSettings(dataFolderAt(dataFolder).settings, keptLog())
    settings.change({ slots: ['1-1', '1-2', '1-9', '1-4'] })
    expect(await heldBy(dataFolder)).toEqual([])
  })

  it('shows no PASS from memory once it was off for longer than a restart: the board is proven again', async () => {
    const { dataFolder, ids } = afterRun([
      { slot: 1, outcome: 'pass', agoMs: 6 * minuteMs },
      { slot: 2, outcome: 'fail', agoMs: 6 * minuteMs },
    ])
    expect((await heldBy(dataFolder)).map(({ recordId }) => recordId)).toEqual([ids[1]])
  })

  it('holds nothing for a run that was told how to start, nor with simulated boards', async () => {
    const { dataFolder } = afterRun([{ slot: 1, outcome: 'pass', agoMs: minuteMs }])
    const first = await playedDesk({ dataFolder, autoStart: true })
    await expect.poll(() => first.commands().length).toBeGreaterThan(0)
    expect(first.commands()).toContainEqual({ kind: 'hold', boards: [] })
    await first.desk.close()
    expect(await heldBy(dataFolder, { simulation: { boards: 'boron:1', speed: 0 } })).toEqual([])
  })

  it('tells a second process what the first has not seen yet, and nothing of a slot that has another board', async () => {
    const { dataFolder, ids } = afterRun([
      { slot: 1, outcome: 'fail' },
      { slot: 2, outcome: 'fail', board: 22 },
    ])
    const under = await playedDesk({ dataFolder })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [{ ...readySlot(2), portPath: port('1-2') }] } })
    under.hosts.latest().ends({ signal: 'SIGKILL' })
    await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
    await expect.poll(() => under.commands().length).toBeGreaterThan(0)
    const held = under.commands().flatMap((command) => (command.kind === 'hold' ? command.boards : []))
    expect(held.map(({ recordId }) => recordId)).toEqual([ids[0]])
  })
})

describe('a station that starts again with DFU devices', () => {
  const onPort = (slot: number) => ({ portPath: port(`1-${slot}`) })

  /** Jobs of such devices, oldest first: in which slot and mode each was found, and with which serial number. */
  function afterDevices(
    jobs: readonly { readonly slot: number; readonly start: 'normal' | 'dfu'; readonly serial: string }[],
  ) {
    const dataFolder = temporaryFolder()
    openDataFolder(dataFolder)
    openSettings(dataFolderAt(dataFolder).settings, keptLog()).change({ slots: ['1-1', '1-2'] })
    const file = dataFolderAt(dataFolder).ledger
    const ledger = openLedger({ file, stationId: 'S', softwareVersion: '0', clock: { now: Date.now } })
    const ids = jobs.map(({ slot, start, serial }, at) => {
      const own = { ...onPort(slot), serialNumber: known(serial) }
      const startedAt = Date.now() - minuteMs + at * 1000
      const found = start === 'dfu' ? loader(own) : device(own)
      const recordId = ledger.openRecord(
        deviceOpening({ slot, device: found, isSimulated: false, startedAt, recipeName: 'R' }),
      )
      ledger.closeRecord(deviceClosing(recordId, { deviceAfter: device(own), endedAt: startedAt }))
      return recordId
    })
    ledger[Symbol.dispose]()
    return { dataFolder, ids }
  }

  it('holds them by what they were in each mode', async () => {
    const { dataFolder, ids } = afterDevices([{ slot: 1, start: 'dfu', serial: 'A' }])
    const [held] = await heldBy(dataFolder)
    expect(held).toMatchObject({ slot: 1, recordId: ids[0], outcome: 'pass' })
    expect(held?.faces.map(({ mode, portPath }) => [mode, portPath])).toEqual([
      ['dfu', '1-1'],
      ['normal', '1-1'],
    ])
  })

  it('holds none that went on to another slot, in whichever mode it was found there', async () => {
    const { dataFolder, ids } = afterDevices([
      { slot: 1, start: 'dfu', serial: 'A' },
      { slot: 2, start: 'normal', serial: 'A' },
    ])
    expect((await heldBy(dataFolder)).map(({ recordId }) => recordId)).toEqual([ids[1]])
  })
})
