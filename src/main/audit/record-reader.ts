// Reads whole records: opening, closing, steps, modules and images joined into the model.
import type { Database } from 'better-sqlite3'
import type { LedgerRecord } from '../../shared/model/record.ts'
import {
  type ClosingRow,
  type ImageRow,
  type ModuleRow,
  type RecordRow,
  recordFrom,
  type StepRow,
} from './record-rows.ts'

export interface RecordReader {
  record(recordId: string): LedgerRecord | null
  /** The record of a row that was read already. */
  join(row: RecordRow): LedgerRecord
}

/** Prepares its statements once. */
export function recordReader(database: Database): RecordReader {
  const record = database.prepare<[string], RecordRow>('SELECT * FROM record WHERE record_id = ?')
  const closing = database.prepare<[string], ClosingRow>('SELECT * FROM closing WHERE record_id = ?')
  const steps = database.prepare<[string], StepRow>('SELECT * FROM step WHERE record_id = ? ORDER BY position')
  const modules = database.prepare<[string], ModuleRow>('SELECT * FROM module WHERE record_id = ? ORDER BY position')
  const images = database.prepare<[string], ImageRow>('SELECT * FROM image WHERE record_id = ? ORDER BY position')
  const join = (row: RecordRow) => {
    const id = row.record_id
    const closed = closing.get(id)
    if (!closed) return recordFrom(row, null)
    return recordFrom(row, { closing: closed, steps: steps.all(id), modules: modules.all(id), images: images.all(id) })
  }
  return {
    join,
    record: (recordId) => {
      const row = record.get(recordId.toLowerCase())
      return row === undefined ? null : join(row)
    },
  }
}
