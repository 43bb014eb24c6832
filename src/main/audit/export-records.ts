// Reads filtered records one after another for an export: a connection of its own, one snapshot, bounded memory. The
// event loop gets a turn between chunks, so a long export does not stop the station.
import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { LedgerFilter } from './ledger.ts'
import { ledgerFault } from './ledger-faults.ts'
import { openSnapshot } from './open-database.ts'
import { conditionsOf } from './record-conditions.ts'
import { recordReader } from './record-reader.ts'
import type { RecordRow } from './record-rows.ts'
import { clauseOf } from './search-records.ts'

const recordsPerChunk = 100

/** How a format writes: once at the top, then for each handful of records. */
export interface ExportFormat {
  readonly head: string
  readonly text: (records: readonly LedgerRecord[]) => string
}

/** Oldest first. The connection opens with the first chunk asked for and closes when reading ends or is given up. */
export async function* exportRecords(
  database: Database,
  filter: LedgerFilter,
  format: ExportFormat,
): AsyncGenerator<string, void, undefined> {
  const snapshot = openSnapshot(database)
  try {
    yield format.head
    for (const records of chunksOf(snapshot, filter)) {
      yield format.text(records)
      await setImmediate()
    }
  } catch (thrown) {
    throw ledgerFault(thrown, 'export the records')
  } finally {
    snapshot.close()
  }
}

function* chunksOf(database: Database, filter: LedgerFilter): Generator<readonly LedgerRecord[]> {
  const { where, values } = clauseOf(conditionsOf(database, filter))
  // The unary plus keeps SQLite from sorting a million rows by number after walking another index.
  const rows = database
    .prepare<unknown[], RecordRow>(
      `SELECT r.* FROM record AS r LEFT JOIN closing AS c ON c.record_id = r.record_id
       ${where.replaceAll('r.started_at', '+r.started_at')} ORDER BY r.number`,
    )
    .iterate(...values)
  const { join } = recordReader(database)
  let records: LedgerRecord[] = []
  for (const row of rows) {
    records.push(join(row))
    if (records.length < recordsPerChunk) continue
    yield records
    records = []
  }
  if (records.length > 0) yield records
}
