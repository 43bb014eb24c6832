// The seam where SQLite's errors become Faults, once and with the original as cause. What is the disk's fault stops the
// line, what is damage is named so; a broken rule of the schema is a bug of ours.
import Sqlite from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import type { FaultCode } from '../../shared/fault/fault-codes.ts'

const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT']
const unwritable = [
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'SQLITE_AUTH',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
  'SQLITE_NOLFS',
  'SQLITE_NOMEM',
  'SQLITE_TOOBIG',
]

function codeOf(sqliteCode: string): FaultCode {
  // Extended codes begin with their primary code: SQLITE_IOERR_FSYNC.
  const isOneOf = (primaries: readonly string[]) =>
    primaries.some((primary) => sqliteCode === primary || sqliteCode.startsWith(`${primary}_`))
  if (isOneOf(damaged)) return 'LEDGER_DAMAGED'
  return isOneOf(unwritable) ? 'LEDGER_UNWRITABLE' : 'INTERNAL'
}

/** A thrown value of SQLite or the file system as a Fault; `doing` says what was tried: "close record 0192...". */
export function ledgerFault(thrown: unknown, doing: string): Fault {
  if (thrown instanceof Fault) return thrown
  const detail = `${doing}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  if (thrown instanceof Sqlite.SqliteError) {
    return new Fault(codeOf(thrown.code), `${detail} (${thrown.code})`, { cause: thrown })
  }
  const isSystemError = thrown instanceof Error && 'syscall' in thrown
  return new Fault(isSystemError ? 'LEDGER_UNWRITABLE' : 'INTERNAL', detail, { cause: thrown })
}

/** Runs `work`; what it throws comes out as a Fault. */
export function withLedgerFaults<T>(doing: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw ledgerFault(thrown, doing)
  }
}
