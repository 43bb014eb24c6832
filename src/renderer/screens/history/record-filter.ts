// What the filter bar holds, and the filter of the contract that it means. Days are days of this computer's calendar.
import type { CallInput } from '../../../shared/contract/contract.ts'

export interface FilterFields {
  readonly text: string
  readonly outcome: string
  /** A kind of job. */
  readonly job: string
  readonly platform: string
  /** "2026-11-03", or empty. */
  readonly from: string
  readonly to: string
}

export type RecordFilterInput = CallInput<'searchRecords'>['filter']

export function emptyFields(text: string): FilterFields {
  return { text, outcome: '', job: '', platform: '', from: '', to: '' }
}

export function isEmpty(fields: FilterFields): boolean {
  return Object.values(fields).every((value) => value === '')
}

/** Times inclusive: from the first to the last millisecond of the days. */
export function filterOf(fields: FilterFields): RecordFilterInput {
  return {
    text: fields.text.trim(),
    outcome: fields.outcome === '' ? null : (fields.outcome as NonNullable<RecordFilterInput['outcome']>),
    job: fields.job === '' ? null : (fields.job as NonNullable<RecordFilterInput['job']>),
    platform: fields.platform === '' ? null : fields.platform,
    from: dayEdge(fields.from, 'T00:00:00.000'),
    to: dayEdge(fields.to, 'T23:59:59.999'),
  }
}

function dayEdge(day: string, time: string): number | null {
  const at = day === '' ? Number.NaN : new Date(`${day}${time}`).getTime()
  return Number.isNaN(at) ? null : at
}
