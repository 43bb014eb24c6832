// What only one station may have: a ledger to write, the USB of a computer. The lock is SQLite's own, held on an empty
// file (beside the ledger): the system lets it go when the process ends, however it ends, so a crash leaves nothing to clean up and no process ID can mislead.
// The ledger itself stays free for readers.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import { ledgerFault } from './ledger-faults.ts'

/** A station that is just ending may need a moment. */
const waitMs = 500

/** Returns the release, or throws LEDGER_IN_USE when another station holds the ledger. */
export function holdStationLock(ledgerFile: string): () => void {
  return holdLock(`${ledgerFile}.lock`, () => new Fault('LEDGER_IN_USE', `another station is writing ${ledgerFile}`))
}

/**
 * Returns the release. Throws the fault of `taken` when somebody holds this file, and LEDGER_UNWRITABLE when it cannot
 * be made.
 */
export function holdLock(lockFile: string, taken: () => Fault): () => void {
  let lock: Sqlite.Database | null = null
  try {
    mkdirSync(path.dirname(lockFile), { recursive: true })
    lock = new Sqlite(lockFile, { timeout: waitMs })
    lock.exec('BEGIN EXCLUSIVE')
    const held = lock
    return () => held.close()
  } catch (thrown) {
    lock?.close()
    if (thrown instanceof Sqlite.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw taken()
    }
    throw ledgerFault(thrown, `lock ${lockFile}`)
  }
}
