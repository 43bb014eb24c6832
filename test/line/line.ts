// The whole line in one process: simulated bench, station, in-memory ledger, the real library. Time is virtual, so that
// minutes of erasing take moments, and whoever waits here waits for an event of the station, never for a while.
import { onTestFinished } from 'vitest'
import type { Ledger } from '../../src/main/audit/ledger.ts'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { type PlacedBoard, parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../../src/main/station/ports.ts'
import { createStation, type Station } from '../../src/main/station/station.ts'
import type { StationCommand, StationNews } from '../../src/main/station/station-command.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'

/** One kind of board, as in a bench file. */
export interface BoardEntry {
  readonly platform: 'photon' | 'boron' | 'p2'
  readonly count?: number
  readonly deviceOs?: string
  readonly start?: 'normal' | 'dfu'
  readonly faults?: readonly string[]
  readonly protected?: boolean
}

export interface LineOptions {
  readonly boards: readonly BoardEntry[]
  readonly shelf: FirmwareShelf
  readonly recipe: ResolvedRecipe | null
  readonly autoStart?: boolean
  /** In place of every board its slot in the order of the bench. */
  readonly assign?: Omit<Extract<StationCommand, { kind: 'assign' }>, 'kind'>
  /** In place of the ledger's own sink. */
  readonly records?: (ledger: Ledger) => RecordSink
}

export interface Line {
  readonly station: Station
  readonly bus: SimulatedBus
  readonly ledger: Ledger
  readonly clock: Clock
  /** Boards as they were put on the bench, slot 1 first, wherever they are now. */
  readonly boards: readonly SimulatedBoard[]
  /** What the station told besides slots. */
  readonly news: readonly Exclude<StationNews, { kind: 'slots' }>[]
  /** Resolves with the slots once they please; looks again at every frame. */
  until(pleases: (slots: readonly SlotView[]) => boolean): Promise<readonly SlotView[]>
  /** Every slot has its verdict. */
  verdicts(): Promise<readonly SlotView[]>
  /** Whole records, oldest first. */
  records(): readonly LedgerRecord[]
  end(): Promise<void>
}

const verdictStates: ReadonlySet<string> = new Set(['passed', 'failed', 'error', 'aborted', 'interrupted', 'refused'])

export function hasVerdict(view: SlotView): boolean {
  return verdictStates.has(view.state)
}

export function placed(boards: readonly BoardEntry[]): readonly PlacedBoard[] {
  return parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** A station on a bench, every port assigned to its slot, starting by itself unless told otherwise. */
export function openLine({ boards, shelf, recipe, autoStart = true, records, assign }: LineOptions): Line {
  const clock = createVirtualClock()
  const bench = placed(boards)
  const bus = createBench(bench, { clock, speed: 1 })
  const ledger = openLedger({ file: ':memory:', stationId: 'LINE', softwareVersion: '0.0.0', clock })
  const sink = records?.(ledger) ?? ledger.sink
  const station = createStation({ bus, records: sink, shelf, clock, log: silent }, { isSimulated: true })
  const news: Exclude<StationNews, { kind: 'slots' }>[] = []
  station.watch((each) => {
    if (each.kind !== 'slots') news.push(each)
  })
  const inOrder = { ports: bench.map(({ portPath }) => portPath), learnsPorts: false }
  station.dispatch({ kind: 'assign', ...(assign ?? inOrder) })
  station.dispatch({ kind: 'auto-start', on: autoStart })
  station.dispatch({ kind: 'recipe', recipe })
  const line: Line = {
    station,
    bus,
    ledger,
    clock,
    news,
    boards: bus.boards().map(({ board }) => board),
    until: (pleases) => untilFrame(station, pleases),
    verdicts: () => line.until((slots) => slots.every(hasVerdict)),
    records: () => allRecords(ledger),
    end: async () => {
      await station[Symbol.asyncDispose]()
      await bus[Symbol.asyncDispose]()
    },
  }
  onTestFinished(async () => {
    await line.end()
    ledger[Symbol.dispose]()
  })
  return line
}

function untilFrame(station: Station, pleases: (slots: readonly SlotView[]) => boolean): Promise<readonly SlotView[]> {
  const { promise, resolve } = Promise.withResolvers<readonly SlotView[]>()
  const look = () => {
    const slots = station.slots()
    if (!pleases(slots)) return
    stop()
    resolve(slots)
  }
  const stop = station.watch(look)
  look()
  return promise
}

function allRecords(ledger: Ledger): readonly LedgerRecord[] {
  const { records } = ledger.search({}, { limit: 1000 })
  return records.flatMap(({ recordId }) => ledger.record(recordId) ?? []).reverse()
}
