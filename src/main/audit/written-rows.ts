// The model on its way into rows: whole milliseconds, JSON where a list is kept as one text, and of the serial number of
// a Particle board only the first word, because a label's second word is the board's secret.
import type { FaultReport } from '../../shared/fault/fault.ts'
import { cleanText } from '../../shared/model/clean-text.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { ModuleReading, RecordClosing, RecordOpening, StepRecord } from '../../shared/model/record.ts'
import { deviceAfterColumns, deviceColumns } from './device-rows.ts'
import { firstWord } from './search-keys.ts'

export function openingRow({ limits: _, ...opening }: RecordOpening) {
  return {
    ...opening,
    serialNumber: serialText(opening.serialNumber, opening.device !== null),
    isSimulated: opening.isSimulated ? 1 : 0,
    startedAt: whole(opening.startedAt),
    plan: JSON.stringify(opening.plan),
    modulesBefore: readingsText(opening.modulesBefore),
    label: Object.keys(opening.label).length === 0 ? null : JSON.stringify(opening.label),
    board: opening.board && JSON.stringify(opening.board),
    ...deviceColumns(opening.device),
  }
}

/** The fields of a reading and no others, in one order. */
function readingsText(readings: readonly ModuleReading[]): string {
  const plain = readings.map(({ kind, index, version, integrity, dependenciesMet, suffixSha256 }) => ({
    ...{ kind, index, version, integrity, dependenciesMet, suffixSha256 },
  }))
  return JSON.stringify(plain)
}

export interface Interruption {
  readonly startedAt: number
  readonly endedAt: number
  readonly fault: FaultReport
}

/** When the work stopped is not known; the duration reaches until the record was closed, by the wall clock. */
export function interruptedClosing(recordId: RecordId, { startedAt, endedAt, fault }: Interruption): RecordClosing {
  const durationMs = Math.max(0, endedAt - startedAt)
  const reason = 'the job was interrupted'
  const unknown = {
    ...{ deviceOsAfter: null, deviceOsAfterReason: reason, iccid: null, imei: null, serialNumber: null },
    ...{ steps: [], modules: [], images: [], deviceAfter: null, modulesAfter: [], modulesAfterReason: reason },
  }
  return { recordId, outcome: 'interrupted', fault, endedAt, durationMs, ...unknown }
}

/** Clocks give fractions; the tables keep whole milliseconds. */
function whole(ms: number): number {
  return Math.round(ms)
}

function serialText(serialNumber: string | null, isDevice: boolean): string | null {
  if (serialNumber === null) return null
  return isDevice ? cleanText(serialNumber) || null : firstWord(serialNumber)
}

export function closingRow(closing: RecordClosing, isDevice: boolean) {
  const { fault, steps, modules } = closing
  return {
    recordId: closing.recordId,
    outcome: closing.outcome,
    faultCode: fault?.code ?? null,
    faultDetail: fault?.detail ?? null,
    endedAt: whole(closing.endedAt),
    durationMs: whole(closing.durationMs),
    deviceOsAfter: closing.deviceOsAfter,
    deviceOsAfterReason: closing.deviceOsAfterReason,
    iccid: closing.iccid,
    imei: closing.imei,
    serialNumber: serialText(closing.serialNumber, isDevice),
    stepCount: steps.length,
    moduleCount: modules.length,
    modulesAfter: readingsText(closing.modulesAfter),
    modulesAfterReason: closing.modulesAfterReason,
    ...deviceAfterColumns(closing.deviceAfter),
    imageCount: closing.images.length,
  }
}

export function stepRow(recordId: RecordId, step: StepRecord) {
  return { ...step, recordId, startedAt: whole(step.startedAt), durationMs: whole(step.durationMs) }
}
