// Makes the ledger of a station, or a reader of one. The only place where the parts of this folder meet.
import type { Database } from 'better-sqlite3'
import { exportCsv } from './export-csv.ts'
import { exportJsonLines } from './export-jsonl.ts'
import type { Ledger, LedgerOptions, LedgerReader } from './ledger.ts'
import { withLedgerFaults } from './ledger-faults.ts'
import { migrations } from './migrations/migrations.ts'
import { openForReading, openForWriting } from './open-database.ts'
import { recordReader } from './record-reader.ts'
import { recordWriter } from './record-repository.ts'
import { recordSearch } from './search-records.ts'
import { holdStationLock } from './station-lock.ts'
import { verifyLedger } from './verify-ledger.ts'

/**
 * The ledger for the one station that writes it. Throws LEDGER_IN_USE when another station does, LEDGER_DAMAGED,
 * LEDGER_TOO_NEW, or LEDGER_UNWRITABLE. The folder must exist.
 */
export function openLedger({ file, stationId, softwareVersion, clock }: LedgerOptions): Ledger {
  const release = file === ':memory:' ? () => {} : holdStationLock(file)
  try {
    const now = () => clock.now()
    const database = openForWriting(file, { migrations, now })
    const writer = recordWriter(database, { stationId, softwareVersion, now })
    const { summary, ...reader } = readerOf(database, release)
    return {
      ...reader,
      openRecord: writer.openRecord,
      closeRecord: writer.closeRecord,
      closeInterrupted: (fault) => writer.closeInterrupted(fault).flatMap((recordId) => summary(recordId) ?? []),
      sink: {
        open: async (opening) => writer.openRecord(opening),
        close: async (closing) => writer.closeRecord(closing),
      },
    }
  } catch (thrown) {
    release()
    throw thrown
  }
}

/** A ledger for reading only, also while a station writes it. CALL_REJECTED when there is none at that path. */
export function openLedgerForReading({ file }: { readonly file: string }): LedgerReader {
  const { summary: _, ...reader } = readerOf(openForReading(file), () => {})
  return reader
}

function readerOf(database: Database, release: () => void) {
  const { record } = recordReader(database)
  const search = recordSearch(database)
  return {
    ...search,
    file: database.name,
    record: (recordId: string) => withLedgerFaults(`read record ${recordId}`, () => record(recordId)),
    exportCsv: (filter) => exportCsv(database, filter),
    exportJsonLines: (filter) => exportJsonLines(database, filter),
    verify: (request) => verifyLedger(database, request),
    [Symbol.dispose]: () => {
      database.close()
      release()
    },
  } satisfies LedgerReader & Record<string, unknown>
}
