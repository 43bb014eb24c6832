// Boards that a station finds on its bench when it starts again: those it had worked on get no new job until a person
// starts them. A crash, a power cut or an update of the station must not flash a bench that nobody touched.
import { asFault } from '../../shared/fault/fault.ts'
import { boardName } from '../../shared/model/board-name.ts'
import type { PortPath } from '../../shared/model/ids.ts'
import type { RecordSummary } from '../../shared/model/record.ts'
import type { LedgerReader } from '../audit/ledger.ts'
import type { HeldBoard } from '../station/station-command.ts'
import { busOf } from './bus-of.ts'
import { facesOf } from './faces-of.ts'
import type { StationState } from './station-state.ts'

/** A weekend: what was left on the bench on Friday is still there on Monday. */
const recentMs = 3 * 24 * 3_600_000
/**
 * A restart. Nobody knows where a board was while the station was off for longer, and PASS is not shown from memory:
 * such a board gets a job again, which proves what it holds in seconds and writes nothing where nothing differs.
 */
const passedRecentMs = 5 * 60_000
/** Far more than the last board of each slot needs. */
const lookedAt = 1_000

type HeldState = Pick<StationState, 'options' | 'settings' | 'ledger' | 'ports' | 'clock' | 'log'>

/** None with simulated boards, nor where this run was told how to start: a script that runs again wants its boards. */
export function boardsHeldAtStart(state: HeldState): readonly HeldBoard[] {
  if (busOf(state).kind === 'simulated' || state.options.autoStart !== undefined) return []
  const now = state.clock.now()
  const ports = state.ports.current()
  try {
    return lastOfEachSlot(state.ledger)
      .filter((record) => isOnPort(record, ports) && isLastOfBoard(state.ledger, record))
      .flatMap((record) => heldBy(state.ledger, record, now))
  } catch (thrown) {
    state.log.error(`what was on the bench is not known: ${asFault(thrown).message}`)
    return []
  }
}

function lastOfEachSlot(ledger: LedgerReader): readonly RecordSummary[] {
  const last = new Map<number, RecordSummary>()
  for (const record of ledger.search({ simulated: false }, { limit: lookedAt }).records) {
    if (!last.has(record.slot)) last.set(record.slot, record)
  }
  return [...last.values()]
}

/** A slot that has yet to learn its port may get the same one again. */
function isOnPort({ slot, portPath }: RecordSummary, ports: readonly (PortPath | null)[]): boolean {
  const port = ports[slot - 1]
  return port === null || port === portPath
}

/** It did not go on to another slot: a DFU device may have been known there by the ids of its other mode. */
function isLastOfBoard(ledger: LedgerReader, { recordId, name, startedAt }: RecordSummary): boolean {
  const names = [name, ...facesOf(ledger.record(recordId)).map(boardName)]
  return names.every((each) => {
    const latest = ledger.latestOf(each)
    return latest === null || latest.recordId === recordId || latest.startedAt < startedAt
  })
}

/** By the end of the job: what was cut off days ago and is closed only now counts as of now. */
function heldBy(ledger: LedgerReader, summary: RecordSummary, now: number): readonly HeldBoard[] {
  const record = ledger.record(summary.recordId)
  const closing = record?.closing
  if (!closing) return []
  const keptMs = closing.outcome === 'pass' ? passedRecentMs : recentMs
  if (now - closing.endedAt > keptMs) return []
  const { slot, job, name, recordId } = summary
  const { outcome, fault, durationMs } = closing
  return [{ slot, job, name, faces: facesOf(record), recordId, outcome, fault, durationMs }]
}
