// The model on its way into rows: whole milliseconds, JSON where a list is kept as one text, and of a serial number
// only the first word, because a label's second word is the board's secret.
import type { FaultReport } from '../../shared/fault/fault.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { RecordClosing, RecordOpening, StepRecord } from '../../shared/model/record.ts'
import { firstWord } from './search-keys.ts'

export function openingRow(opening: RecordOpening) {
  return {
    ...opening,
    serialNumber: wordOrNull(opening.serialNumber),
    isSimulated: opening.isSimulated ? 1 : 0,
    startedAt: whole(opening.startedAt),
    plan: JSON.stringify(opening.plan),
    modulesBefore: JSON.stringify(opening.modulesBefore.map(({ kind, index, version }) => ({ kind, index, version }))),
  }
}

export interface Interruption {
  readonly startedAt: number
  readonly endedAt: number
  readonly fault: FaultReport
}

/** When the work stopped is not known; the duration reaches until the record was closed, by the wall clock. */
export function interruptedClosing(recordId: RecordId, { startedAt, endedAt, fault }: Interruption): RecordClosing {
  const durationMs = Math.max(0, endedAt - startedAt)
  const unknown = { deviceOsAfter: null, iccid: null, imei: null, serialNumber: null }
  return { recordId, outcome: 'interrupted', fault, endedAt, durationMs, ...unknown, steps: [], modules: [] }
}

/** Clocks give fractions; the tables keep whole milliseconds. */
function whole(ms: number): number {
  return Math.round(ms)
}

function wordOrNull(serialNumber: string | null): string | null {
  return serialNumber === null ? null : firstWord(serialNumber)
}

export function closingRow(closing: RecordClosing) {
  const { fault, steps, modules } = closing
  return {
    recordId: closing.recordId,
    outcome: closing.outcome,
    faultCode: fault?.code ?? null,
    faultDetail: fault?.detail ?? null,
    endedAt: whole(closing.endedAt),
    durationMs: whole(closing.durationMs),
    deviceOsAfter: closing.deviceOsAfter,
    iccid: closing.iccid,
    imei: closing.imei,
    serialNumber: wordOrNull(closing.serialNumber),
    stepCount: steps.length,
    moduleCount: modules.length,
  }
}

export function stepRow(recordId: RecordId, step: StepRecord) {
  return { ...step, recordId, startedAt: whole(step.startedAt), durationMs: whole(step.durationMs) }
}
