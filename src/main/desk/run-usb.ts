// Joins a USB process with what the desk owns: it begins with the desk's settings, its records go into the ledger, and
// what it learns of ports is remembered.
import { asFault, type FaultReport, reportOf } from '../../shared/fault/fault.ts'
import type { PortPath, RecordId } from '../../shared/model/ids.ts'
import type { LedgerRecord, RecordClosing } from '../../shared/model/record.ts'
import type { HeldBoard, StationCommand } from '../station/station-command.ts'
import { asCommitted } from './as-committed.ts'
import { boardsHeldAtStart } from './boards-held-at-start.ts'
import { busOf } from './bus-of.ts'
import type { DeskListeners } from './desk-listeners.ts'
import { facesOf } from './faces-of.ts'
import { tellRecipe } from './firmware-desk.ts'
import type { StationState } from './station-state.ts'
import { startUsbProcess, type UsbProcess } from './usb-process.ts'
import { tellQuirks } from './user-quirks.ts'

/** The bench as it is before the first board is looked at, with the recipe worked out. */
export async function layOutBench(state: StationState): Promise<void> {
  const { mirror, ports } = state
  const isSimulated = busOf(state).kind === 'simulated'
  ports.forgetRun()
  mirror.layOut(ports.current())
  mirror.changeStation({ isSimulated, usb: { up: true }, learningSlot: null, strayPorts: [] })
  await tellRecipe(state)
}

/** Starts the process on the bus of this moment. What is commanded from now on reaches it, in order. */
export function startUsb(state: StationState, listeners: DeskListeners): UsbProcess {
  return startUsbProcess({
    forkHost: state.options.forkHost,
    clock: state.clock,
    log: state.log,
    mirror: state.mirror,
    records: state.records.sink,
    libraryFolder: state.folder.library,
    bus: busOf(state),
    setup: () => [tellQuirks(state), ...setupOf(state)],
    closeInterrupted: (fault) => closeInterrupted(state, listeners, reportOf(fault)),
    closingOf: (recordId) => closingOf(state, recordId),
    held: boardsHeldAtStart(state),
    onLearnt: (slot, portPath) => learnt(state, slot, portPath),
    onBenchDone: () => listeners.tell(listeners.benchDone, null),
  })
}

function setupOf(state: StationState): readonly StationCommand[] {
  const { operator, learnsPorts } = state.settings.current()
  const { autoStart } = state.mirror.station()
  return [
    { kind: 'recipe', recipe: state.resolved.recipe },
    { kind: 'operator', name: operator },
    { kind: 'auto-start', on: autoStart },
    {
      kind: 'assign',
      ports: state.ports.current(),
      learnsPorts: learnsPorts || state.options.slotCount !== undefined,
    },
  ]
}

/** After the commit: the tally counts, every slot shows what is committed, and everybody who waits for records is told. */
export function recordClosed(state: StationState, listeners: DeskListeners, closing: RecordClosing): void {
  const { mirror } = state
  const { tally } = mirror.station()
  const { outcome } = closing
  const record = recordOf(state, closing.recordId)
  // A board that was only identified was not judged: counted, it would better the yield.
  const isJudged = record?.job !== 'identify'
  if (isJudged && (outcome === 'pass' || outcome === 'fail' || outcome === 'error')) {
    mirror.changeStation({ tally: { ...tally, [outcome]: tally[outcome] + 1 } })
  }
  const behind = mirror.slots().filter((view) => view.state === 'error' && view.job?.recordId === closing.recordId)
  if (behind.length > 0) mirror.replace(behind.map((view) => asCommitted(view, () => closing)))
  tellRecord(listeners, record)
}

/**
 * Closes every open record; gives the boards of those jobs. What cannot be written now is found open by the next start,
 * and closed there.
 */
export function closeInterrupted(
  state: StationState,
  listeners: DeskListeners,
  fault: FaultReport,
): readonly HeldBoard[] {
  try {
    const cut = state.records.closeInterrupted(fault)
    for (const { recordId } of cut) tellRecord(listeners, recordOf(state, recordId))
    return cut.map(({ slot, job, name, recordId, durationMs }) => ({
      slot,
      job,
      name,
      faces: facesOf(recordOf(state, recordId)),
      recordId,
      outcome: 'interrupted',
      fault,
      durationMs: durationMs ?? 0,
    }))
  } catch (thrown) {
    state.log.error(`open records are not closed: ${asFault(thrown).message}`)
    return []
  }
}

function closingOf(state: StationState, recordId: RecordId): LedgerRecord['closing'] {
  return recordOf(state, recordId)?.closing ?? null
}

function recordOf(state: StationState, recordId: string): LedgerRecord | null {
  try {
    return state.ledger.record(recordId)
  } catch (thrown) {
    state.log.error(`record ${recordId} cannot be read: ${asFault(thrown).message}`)
    return null
  }
}

function tellRecord(listeners: DeskListeners, record: LedgerRecord | null): void {
  if (record) listeners.tell(listeners.records, record)
}

function learnt(state: StationState, slot: number, portPath: PortPath): void {
  const { mirror, ports, log } = state
  mirror.changeStation({ learningSlot: null })
  const others = ports.current().map((port) => (port === portPath ? null : port))
  try {
    ports.change(others.map((port, at) => (at === slot - 1 ? portPath : port)))
  } catch (thrown) {
    log.error(`slot ${slot} has port ${portPath} until the station ends: ${asFault(thrown).message}`)
  }
}
