// Walks a ledger forward, one transaction a step, with user_version set inside it: a step is done or was never begun.
// An existing ledger is copied aside before the first step touches it.
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import type { Migration } from './migrations/migrations.ts'

export interface MigrationOptions {
  readonly migrations: readonly Migration[]
  readonly now: () => number
}

export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/** Throws LEDGER_TOO_NEW, naming both versions, when the file comes from newer software. */
export function refuseNewer(database: Database, known: number): void {
  const version = versionOf(database)
  if (version > known) {
    throw new Fault('LEDGER_TOO_NEW', `${database.name} has version ${version}; this software knows up to ${known}`)
  }
}

/** Returns the path of the copy, or null when there was nothing to copy or nothing to do. */
export function migrate(database: Database, { migrations, now }: MigrationOptions): string | null {
  const version = versionOf(database)
  const pending = migrations.slice(version)
  const copy = version > 0 && pending.length > 0 && !database.memory ? copyAside(database, version, now()) : null
  withoutForeignKeys(database, () => {
    pending.forEach((migration, offset) => {
      const step = database.transaction(() => {
        migration(database)
        refuseDangling(database)
        database.pragma(`user_version = ${version + offset + 1}`)
      })
      step.exclusive()
    })
  })
  return copy
}

/** A table that others refer to can be made anew only so; the setting does not change inside a transaction. */
function withoutForeignKeys(database: Database, work: () => void): void {
  const setting = Number(database.pragma('foreign_keys', { simple: true }))
  database.pragma('foreign_keys = OFF')
  try {
    work()
  } finally {
    database.pragma(`foreign_keys = ${setting}`)
  }
}

function refuseDangling(database: Database): void {
  const [row] = database.pragma('foreign_key_check') as { readonly table: string; readonly parent: string }[]
  if (row) throw new Fault('LEDGER_DAMAGED', `${database.name}: a row of ${row.table} belongs to no ${row.parent}`)
}

function copyAside(database: Database, version: number, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const stem = `${database.name}.version-${version}-${stamp}`
  let copy = `${stem}.backup`
  for (let attempt = 2; existsSync(copy); attempt++) copy = `${stem}-${attempt}.backup`
  database.prepare('VACUUM INTO ?').run(copy)
  // The copy has to be on the disk before the original changes. Windows flushes only through a writable handle.
  const handle = openSync(copy, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return copy
}
