// Opens the database behind a ledger, for the writing station or for reading, and refuses what is damaged, newer than
// this software, or no ledger at all. Beyond versions and settings it knows nothing of what the tables hold.
import { existsSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import { withLedgerFaults } from './ledger-faults.ts'
import { type MigrationOptions, migrate, refuseNewer, versionOf } from './migrate.ts'
import { migrations } from './migrations/migrations.ts'

/** How long a write waits for a foreign program that holds the file. */
const busyTimeoutMs = 2000

/** The writing connection: checked, durable (WAL with synchronous=FULL), at the newest version. */
export function openForWriting(file: string, options: MigrationOptions): Database {
  return opened(file, { timeout: busyTimeoutMs }, (database) => {
    refuseNewer(database, options.migrations.length)
    refuseDamaged(database)
    refuseForeign(database)
    database.pragma('journal_mode = WAL')
    // NORMAL, the default of this build under WAL, may lose the last commits at a power cut.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    migrate(database, options)
  })
}

/** A connection that cannot write, of a file that exists and has this software's version. */
export function openForReading(file: string): Database {
  if (!existsSync(file)) throw new Fault('CALL_REJECTED', `there is no ledger at ${file}`)
  return opened(file, { readonly: true, timeout: busyTimeoutMs }, (database) => {
    refuseNewer(database, migrations.length)
    const version = versionOf(database)
    if (version < migrations.length) {
      const reason = version === 0 ? 'is no ledger' : `has version ${version}: start the station once to bring it up`
      throw new Fault('CALL_REJECTED', `${file} ${reason}`)
    }
  })
}

/**
 * What a long reading reads from: a connection of its own, because one that iterates may not write, fixed at this
 * moment, whatever the station writes meanwhile. To be closed by the caller.
 */
export function openSnapshot(database: Database): Database {
  // A ledger in memory has no file to open twice; its copy is as good.
  const snapshot = database.memory
    ? new Sqlite(database.serialize(), { readonly: true })
    : openForReading(database.name)
  snapshot.exec('BEGIN')
  // The moment is that of the first reading, not of BEGIN.
  snapshot.prepare('SELECT count(*) FROM sqlite_schema').get()
  return snapshot
}

function opened(file: string, options: Sqlite.Options, prepare: (database: Database) => void): Database {
  return withLedgerFaults(`open ${file}`, () => {
    const database = new Sqlite(file, options)
    try {
      prepare(database)
      return database
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}

function refuseDamaged(database: Database): void {
  const finding = quickCheck(database)
  if (finding !== null) throw new Fault('LEDGER_DAMAGED', `${database.name}: ${finding}`)
}

/** The first finding of SQLite's own check of the file, null when there is none. */
export function quickCheck(database: Database): string | null {
  const finding = database.pragma('quick_check(1)', { simple: true })
  return finding === 'ok' ? null : String(finding)
}

function refuseForeign(database: Database): void {
  if (versionOf(database) > 0) return
  const table = database.prepare('SELECT name FROM sqlite_schema LIMIT 1').pluck().get()
  if (table !== undefined) throw new Fault('LEDGER_DAMAGED', `${database.name} is another program's database`)
}
