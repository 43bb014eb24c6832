// The station of a test on whatever bus it is given, with a ledger of its own: every test of the line composes it here,
// whether its boards are in this process or on a kernel.
import type { Ledger } from '../../src/main/audit/ledger.ts'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../../src/main/station/ports.ts'
import { createStation, type Station } from '../../src/main/station/station.ts'
import type { StationCommand, StationNews } from '../../src/main/station/station-command.ts'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'

export interface StationOptions {
  readonly bus: UsbBus
  readonly clock: Clock
  readonly log: Log
  /** Synthetic firmware goes to simulated boards only. */
  readonly isSimulated: boolean
  readonly shelf: FirmwareShelf
  readonly recipe: ResolvedRecipe | null
  readonly autoStart: boolean
  /** Which port is which slot. */
  readonly assign: Omit<Extract<StationCommand, { kind: 'assign' }>, 'kind'>
  /** Path of the ledger, or ":memory:". */
  readonly ledgerFile: string
  /** In place of the ledger's own sink. */
  readonly records?: (ledger: Ledger) => RecordSink
}

export interface StationUnderTest {
  readonly station: Station
  readonly ledger: Ledger
  /** What the station told besides slots. */
  readonly news: readonly Exclude<StationNews, { kind: 'slots' }>[]
  /** Resolves with the slots once they please; looks again at every frame. */
  until(pleases: (slots: readonly SlotView[]) => boolean): Promise<readonly SlotView[]>
  /** Every slot has its verdict. */
  verdicts(): Promise<readonly SlotView[]>
  /** Whole records, oldest first. */
  records(): readonly LedgerRecord[]
  /** Ends the station; its ledger can still be read. */
  end(): Promise<void>
}

/** Of the real clock, whatever clock the station has: after this long a test is told what it waits for. */
const patienceMs = 170_000

const verdictStates: ReadonlySet<string> = new Set(['passed', 'failed', 'error', 'aborted', 'interrupted', 'refused'])

export function hasVerdict(view: SlotView): boolean {
  return verdictStates.has(view.state)
}

export function openStation(options: StationOptions): StationUnderTest {
  const { bus, clock, shelf, log, isSimulated, ledgerFile } = options
  const ledger = openLedger({ file: ledgerFile, stationId: 'LINE', softwareVersion: '0.0.0', clock })
  const records = options.records?.(ledger) ?? ledger.sink
  const station = createStation({ bus, records, shelf, clock, log }, { isSimulated })
  const news: Exclude<StationNews, { kind: 'slots' }>[] = []
  station.watch((each) => {
    if (each.kind !== 'slots') news.push(each)
  })
  station.dispatch({ kind: 'assign', ...options.assign })
  station.dispatch({ kind: 'auto-start', on: options.autoStart })
  station.dispatch({ kind: 'recipe', recipe: options.recipe })
  return {
    station,
    ledger,
    news,
    until: (pleases) => untilFrame(station, pleases),
    verdicts: () => untilFrame(station, (slots) => slots.every(hasVerdict)),
    records: () => allRecords(ledger),
    end: () => station[Symbol.asyncDispose](),
  }
}

function untilFrame(station: Station, pleases: (slots: readonly SlotView[]) => boolean): Promise<readonly SlotView[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly SlotView[]>()
  const look = () => {
    const slots = station.slots()
    if (pleases(slots)) resolve(slots)
  }
  const stop = station.watch(look)
  const limit = setTimeout(
    () => reject(new Error(`never came: ${station.slots().map(inWords).join('; ')}`)),
    patienceMs,
  )
  look()
  return promise.finally(() => {
    stop()
    clearTimeout(limit)
  })
}

function inWords({ slot, state, fault, job }: SlotView): string {
  return [slot, state, job?.progress?.stepName, fault?.code].filter(Boolean).join(' ')
}

function allRecords(ledger: Ledger): readonly LedgerRecord[] {
  const { records } = ledger.search({}, { limit: 1000 })
  return records.flatMap(({ recordId }) => ledger.record(recordId) ?? []).reverse()
}
