// JSON Lines: one complete record a line, with steps, modules and plan, as a MES wants it.
import type { Database } from 'better-sqlite3'
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import { exportRecords } from './export-records.ts'
import type { LedgerFilter } from './ledger.ts'

/** Each line is one LedgerRecord and whether the board was current already; times are milliseconds UTC. */
export function exportJsonLines(database: Database, filter: LedgerFilter): AsyncGenerator<string, void, undefined> {
  return exportRecords(database, filter, {
    head: '',
    text: (records) =>
      records.map((record) => `${JSON.stringify({ ...record, alreadyCurrent: isAlreadyCurrent(record) })}\n`).join(''),
  })
}
