// Makes the ledger of a station, or a reader of one. The only place where the parts of this folder meet.
import type { Database } from 'better-sqlite3'
import { exportCsv } from './export-csv.ts'
import { exportJsonLines } from './export-jsonl.ts'
import type { Ledger, LedgerOptions, LedgerReader } from './ledger.ts'
import { ledgerFault, withLedgerFaults } from './ledger-faults.ts'
import { migrations } from './migrations/migrations.ts'
import { openForReading, openForWriting } from './open-database.ts'
import { recordReader } from './record-reader.ts'
import { recordWriter } from './record-repository.ts'
import { recordSearch } from './search-records.ts'
import { holdStationLock } from './station-lock.ts'
import { verifyLedger } from './verify-ledger.ts'

/**
 * The ledger for the one station that writes it; makes the file, and its folder, when there is none. Throws
 * LEDGER_IN_USE when another station writes it, LEDGER_DAMAGED, LEDGER_TOO_NEW or LEDGER_UNWRITABLE.
 */
export function openLedger({ file, stationId, softwareVersion, clock }: LedgerOptions): Ledger {
  const release = file === ':memory:' ? () => {} : holdStationLock(file)
  const now = () => clock.now()
  return built(
    () => openForWriting(file, { migrations, now }),
    release,
    (database, end) => {
      const writer = recordWriter(database, { stationId, softwareVersion, now })
      const { summary, ...reader } = readerOf(database, end)
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
    },
  )
}

/**
 * A ledger for reading only, also while a station writes it. CALL_REJECTED when there is none at that path or it is of
 * an older version; LEDGER_DAMAGED or LEDGER_TOO_NEW as above.
 */
export function openLedgerForReading({ file }: { readonly file: string }): LedgerReader {
  return built(
    () => openForReading(file),
    () => {},
    (database, end) => {
      const { summary: _, ...reader } = readerOf(database, end)
      return reader
    },
  )
}

/** Builds on an opened database; what was taken is given back when building fails, and when the built thing ends. */
function built<T>(open: () => Database, release: () => void, build: (database: Database, end: () => void) => T): T {
  let database: Database | null = null
  const end = () => {
    database?.close()
    release()
  }
  try {
    database = open()
    return build(database, end)
  } catch (thrown) {
    end()
    throw ledgerFault(thrown, 'open the ledger')
  }
}

function readerOf(database: Database, end: () => void) {
  const { record } = recordReader(database)
  const search = recordSearch(database)
  return {
    ...search,
    file: database.name,
    record: (recordId: string) => withLedgerFaults(`read record ${recordId}`, () => record(recordId)),
    exportCsv: (filter) => exportCsv(database, filter),
    exportJsonLines: (filter) => exportJsonLines(database, filter),
    verify: (request) => verifyLedger(database, request),
    [Symbol.dispose]: end,
  } satisfies LedgerReader & Record<string, unknown>
}
