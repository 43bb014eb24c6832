// Makes the desk: opens what it owns, closes what an earlier run left open, starts the USB process, joins the handlers.
import type { FeedFrame, FeedName } from '../../shared/contract/contract.ts'
import { type Fault, reportOf } from '../../shared/fault/fault.ts'
import type { ImportProgress } from '../../shared/model/firmware-view.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { Ledger } from '../audit/ledger.ts'
import { openLedger } from '../audit/open-ledger.ts'
import { softwareVersion } from '../software-version.ts'
import { openLibrary } from '../station/firmware/library.ts'
import type { RecordSink } from '../station/ports.ts'
import type { StationCommand } from '../station/station-command.ts'
import { systemClock } from '../station/system-clock.ts'
import { benchCalls, portsOf } from './bench-desk.ts'
import { createBenchMirror } from './bench-mirror.ts'
import { openDataFolder } from './data-folder.ts'
import type { Desk, DeskOptions } from './desk.ts'
import { emptyStation } from './empty-station.ts'
import { examineStation } from './examine-station.ts'
import { firmwareCalls, tellRecipe } from './firmware-desk.ts'
import { ledgerCalls } from './ledger-desk.ts'
import { openRecipeShelf } from './recipe-shelf.ts'
import { openSettings } from './settings-file.ts'
import { busOf, type StationState } from './station-state.ts'
import { startUsbProcess, type UsbProcess } from './usb-process.ts'

/** Throws LEDGER_IN_USE, LEDGER_DAMAGED, LEDGER_TOO_NEW or LEDGER_UNWRITABLE when the station must not start. */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const listeners: DeskListeners = { imports: new Set(), records: new Set(), benchDone: new Set() }
  const state = await openState(options, listeners)
  await state.restartUsb()
  return {
    handlers: {
      ...benchCalls(state),
      ...firmwareCalls(state),
      ...ledgerCalls(state),
      examineStation: async () => examineStation(state.folder.root),
    },
    watch: <N extends FeedName>(feed: N, listener: (frame: FeedFrame<N>) => void) => {
      // Each feed has a frame type of its own; the name decides which, and the two stay together here.
      if (feed === 'bench') return state.mirror.watch(listener as Parameters<typeof state.mirror.watch>[0])
      return listen(listeners.imports, listener as (frame: ImportProgress) => void)
    },
    exportText: (format, filter) =>
      format === 'csv' ? state.ledger.exportCsv(filter) : state.ledger.exportJsonLines(filter),
    onRecord: (listener) => listen(listeners.records, listener),
    onBenchDone: (listener) => listen(listeners.benchDone, listener),
    close: () => state.close(),
  }
}

interface DeskListeners {
  readonly imports: Set<(progress: ImportProgress) => void>
  readonly records: Set<(record: LedgerRecord) => void>
  readonly benchDone: Set<() => void>
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

type OpenState = StationState & { readonly close: () => Promise<void> }

async function openState(options: DeskOptions, listeners: DeskListeners): Promise<OpenState> {
  const { log } = options
  const folder = openDataFolder(options.dataFolder)
  const settings = openSettings(folder.settings, log)
  const { stationId, autoStart, operator } = settings.current()
  const ledger = openLedger({ file: folder.ledger, stationId, softwareVersion, clock: systemClock })
  const cut = ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'found open when the station started' })
  if (cut.length > 0) log.warn(`${cut.length} records were open and are closed as interrupted`)
  const mirror = createBenchMirror({
    ...emptyStation,
    stationId,
    autoStart: options.autoStart ?? autoStart,
    operator,
    closedAtStart: cut.length,
    isSimulated: busOf({ options, settings }).kind === 'simulated',
  })
  let usb: UsbProcess | null = null
  const state: OpenState = {
    options,
    folder,
    settings,
    ledger,
    library: await openLibrary(folder.library, { clock: systemClock }),
    recipes: openRecipeShelf(folder.recipes, log),
    resolved: { recipe: null },
    mirror,
    clock: systemClock,
    log,
    tellImport: (progress) => tellAll(listeners.imports, progress),
    command: (command) => usb?.command(command),
    restartUsb: async () => {
      await usb?.stop()
      usb = await startUsb(state, listeners)
    },
    close: async () => {
      await usb?.stop()
      // A job that could not end in time is not left open: nobody will close it later in this run.
      ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'the station was closed before the job could end' })
      ledger[Symbol.dispose]()
    },
  }
  return state
}

async function startUsb(state: StationState, listeners: DeskListeners): Promise<UsbProcess> {
  const { mirror, settings, ledger, options } = state
  const bus = busOf(state)
  mirror.layOut(portsOf(state))
  mirror.changeStation({ isSimulated: bus.kind === 'simulated', learningSlot: null, strayPorts: [] })
  await tellRecipe(state)
  const usb = startUsbProcess({
    forkHost: options.forkHost,
    clock: state.clock,
    log: state.log,
    mirror,
    records: toldRecords(state, listeners),
    libraryFolder: state.folder.library,
    bus,
    setup: () => setupOf(state),
    closeInterrupted: (fault: Fault) => {
      for (const { recordId } of ledger.closeInterrupted(reportOf(fault))) tellRecord(ledger, recordId, listeners)
    },
    onLearnt: (slot, portPath) => {
      mirror.changeStation({ learningSlot: null })
      if (bus.kind === 'simulated' || options.slotCount !== undefined) return
      const slots = settings.current().slots.map((port) => (port === portPath ? null : port))
      settings.change({ slots: slots.map((port, at) => (at === slot - 1 ? portPath : port)) })
    },
    onBenchDone: () => {
      for (const listener of [...listeners.benchDone]) listener()
    },
  })
  return usb
}

function setupOf(state: StationState): readonly StationCommand[] {
  const { operator, learnsPorts } = state.settings.current()
  const { autoStart } = state.mirror.station()
  return [
    { kind: 'recipe', recipe: state.resolved.recipe },
    { kind: 'operator', name: operator },
    { kind: 'auto-start', on: autoStart },
    { kind: 'assign', ports: portsOf(state), learnsPorts: learnsPorts || state.options.slotCount !== undefined },
  ]
}

/** The ledger's sink, with the tally and everybody who waits for records told after each commit. */
function toldRecords({ ledger, mirror }: StationState, listeners: DeskListeners): RecordSink {
  return {
    open: (opening) => ledger.sink.open(opening),
    close: async (closing) => {
      await ledger.sink.close(closing)
      const { tally } = mirror.station()
      const { outcome } = closing
      if (outcome === 'pass' || outcome === 'fail' || outcome === 'error') {
        mirror.changeStation({ tally: { ...tally, [outcome]: tally[outcome] + 1 } })
      }
      tellRecord(ledger, closing.recordId, listeners)
    },
  }
}

function tellRecord(ledger: Ledger, recordId: string, listeners: DeskListeners): void {
  const record = ledger.record(recordId)
  if (record) tellAll(listeners.records, record)
}

function tellAll<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) listener(value)
}
