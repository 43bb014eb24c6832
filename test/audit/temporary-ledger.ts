// Ledgers in folders that vanish with the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Ledger } from '../../src/main/audit/ledger.ts'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { startOfTime } from './record-samples.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A ledger file that was not opened yet; each call another. */
export function temporaryFile(): string {
  return path.join(temporaryFolder(), 'ledger.sqlite')
}

export function temporaryLedger(file = temporaryFile(), now: () => number = () => startOfTime): Ledger {
  const ledger = openLedger({ file, stationId: 'SZ-L2-P03', softwareVersion: '0.1.0', clock: { now } })
  onTestFinished(() => ledger[Symbol.dispose]())
  return ledger
}

/** What anybody with the file can do: a plain connection, with none of the ledger's own settings. */
export function plainConnection(file: string): Sqlite.Database {
  const database = new Sqlite(file)
  onTestFinished(() => {
    database.close()
  })
  return database
}
