import fs from 'node:fs'
import path from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/main/audit/migrate.ts'
import { type Migration, migrations } from '../../src/main/audit/migrations/migrations.ts'
import { openForWriting } from '../../src/main/audit/open-database.ts'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { type RecordWriter, recordWriter } from '../../src/main/audit/record-repository.ts'
import type { Fault } from '../../src/shared/fault/fault.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { closing, opening, startOfTime, stepRecord } from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryFolder, temporaryLedger } from './temporary-ledger.ts'
import { writeVersionOne } from './version-one.ts'
import { writeVersionTwo } from './version-two-ledger.ts'

const now = () => startOfTime
// What a later version might do: a column that old rows leave empty, then a table.
const later: readonly Migration[] = [
  ...migrations,
  (database) => database.exec('ALTER TABLE record ADD COLUMN lot TEXT'),
  (database) => database.exec('CREATE TABLE note (text TEXT NOT NULL) STRICT'),
]

function opened(file: string, steps: readonly Migration[] = migrations): Database {
  const database = openForWriting(file, { migrations: steps, now })
  onTestFinished(() => {
    database.close()
  })
  return database
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (thrown) {
    return (thrown as Fault).code
  }
  return 'nothing was thrown'
}

test('a writing connection is durable and guarded', () => {
  const database = opened(temporaryFile())
  const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'user_version']
  expect(settings.map((name) => database.pragma(name, { simple: true }))).toEqual([
    'wal',
    2,
    1,
    2000,
    migrations.length,
  ])
})

const newest = later.length

test.each([0, 1, 2, 3, 4, 5])('a ledger of version %i walks forward to the newest', (version) => {
  const file = temporaryFile()
  if (version === 1) writeVersionOne(file)
  else if (version === 2) writeVersionTwo(file)
  else {
    const old = new Sqlite(file)
    migrate(old, { migrations: later.slice(0, version), now })
    const writer = version > 0 ? recordWriter(old, { stationId: 'S', softwareVersion: '0', now }) : null
    for (let left = 2; left > 0; left -= 1) writer?.openRecord(opening())
    old.close()
  }

  const database = opened(file, later)
  expect(database.pragma('user_version', { simple: true })).toBe(newest)
  expect(database.prepare('SELECT count(*) FROM record WHERE lot IS NULL').pluck().get()).toBe([0, 2, 4][version] ?? 2)
  const copies = fs.readdirSync(path.dirname(file)).filter((name) => name.endsWith('.backup'))
  expect(copies).toEqual(
    version > 0 && version < newest ? [`ledger.sqlite.version-${version}-20261121T080000Z.backup`] : [],
  )
})

test('the copy aside is the whole old ledger, and is readable by old software', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const recordId = ledger.openRecord(opening())
  ledger.closeRecord(closing(recordId))
  ledger[Symbol.dispose]()
  opened(file, later)
  using copy = openLedgerForReading({ file: `${file}.version-${migrations.length}-20261121T080000Z.backup` })
  expect(copy.record(recordId)?.closing?.outcome).toBe('pass')
  expect(await copy.verify()).toMatchObject({ ok: true, records: 1 })
})

test('a column that a later version adds leaves the hashes of old rows valid', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  ledger.closeRecord(closing(ledger.openRecord(opening())))
  plainConnection(file).exec('ALTER TABLE record ADD COLUMN lot TEXT')
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})

test('a migration that fails leaves the version before it, whole', () => {
  const file = temporaryFile()
  opened(file).close()
  const failing: Migration = (database) => {
    database.exec('CREATE TABLE half (x TEXT) STRICT')
    throw new Error('out of luck')
  }
  expect(() => openForWriting(file, { migrations: [...migrations, failing], now })).toThrow(/out of luck/)
  const database = opened(file)
  expect(database.pragma('user_version', { simple: true })).toBe(migrations.length)
  expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0)
})

test('records of newer software are refused, for writing and for reading, and left as they are', () => {
  const file = temporaryFile()
  opened(file, later).close()
  const before = fs.readFileSync(file)
  const message = /^LEDGER_TOO_NEW: .*ledger\.sqlite has version 5; this software knows up to 3$/
  expect(() => temporaryLedger(file)).toThrow(message)
  expect(() => openLedgerForReading({ file })).toThrow(message)
  expect(fs.readFileSync(file).equals(before)).toBe(true)
})

test("another program's database is not made a ledger", () => {
  const file = temporaryFile()
  plainConnection(file).exec('CREATE TABLE bookmarks (url TEXT)')
  expect(codeOf(() => temporaryLedger(file))).toBe('LEDGER_DAMAGED')
  expect(codeOf(() => openLedgerForReading({ file }))).toBe('CALL_REJECTED')
})

test('a refused start gives its lock back', () => {
  const file = temporaryFile()
  fs.writeFileSync(file, 'no ledger, and long enough to be looked at as one'.repeat(100))
  expect(codeOf(() => temporaryLedger(file))).toBe('LEDGER_DAMAGED')
  fs.rmSync(file)
  expect(temporaryLedger(file).search({}).total).toBe(0)
})

test('a ledger makes its folder, and says so when it cannot', () => {
  const folder = temporaryFolder()
  expect(temporaryLedger(path.join(folder, 'data', 'deep', 'ledger.sqlite')).search({}).total).toBe(0)
  fs.writeFileSync(path.join(folder, 'file'), '')
  expect(codeOf(() => temporaryLedger(path.join(folder, 'file', 'ledger.sqlite')))).toBe('LEDGER_UNWRITABLE')
  expect(codeOf(() => temporaryLedger(path.join(folder, 'data')))).toBe('LEDGER_UNWRITABLE')
})

function fullDisk(file: string): { writer: RecordWriter; database: Database; fill: () => void; free: () => void } {
  const database = opened(file)
  const writer = recordWriter(database, { stationId: 'S', softwareVersion: '0', now })
  const pages = () => Number(database.pragma('page_count', { simple: true }))
  return {
    writer,
    database,
    fill: () => database.pragma(`max_page_count = ${pages()}`),
    free: () => database.pragma('max_page_count = 1000000'),
  }
}

test('a full disk stops an opening with LEDGER_UNWRITABLE and its cause, and leaves nothing half-written', async () => {
  const file = temporaryFile()
  const { writer, fill, free } = fullDisk(file)
  fill()
  const written: RecordId[] = []
  const fault = (() => {
    for (;;) {
      try {
        written.push(writer.openRecord(opening({ plan: ['x'.repeat(3000)] })))
      } catch (thrown) {
        return thrown as Fault
      }
    }
  })()
  expect(fault.code).toBe('LEDGER_UNWRITABLE')
  expect(fault.cause).toMatchObject({ code: 'SQLITE_FULL' })
  using reader = openLedgerForReading({ file })
  expect(reader.search({}).total).toBe(written.length)
  expect(await reader.verify()).toMatchObject({ ok: true, records: written.length })
  free()
  expect(reader.record(writer.openRecord(opening()))?.closing).toBeNull()
  expect(await reader.verify()).toMatchObject({ ok: true, records: written.length + 1 })
})

test('a full disk leaves a closing absent, and once there is room it can be written', async () => {
  const file = temporaryFile()
  const { writer, fill, free } = fullDisk(file)
  const recordId = writer.openRecord(opening())
  fill()
  const steps = Array.from({ length: 300 }, (_, position) => stepRecord(position, { detail: 'y'.repeat(200) }))
  expect(codeOf(() => writer.closeRecord(closing(recordId, { steps })))).toBe('LEDGER_UNWRITABLE')
  using reader = openLedgerForReading({ file })
  expect(reader.record(recordId)?.closing).toBeNull()
  expect(await reader.verify()).toMatchObject({ ok: true, problems: [] })
  free()
  writer.closeRecord(closing(recordId, { steps }))
  expect(reader.record(recordId)?.closing?.steps).toHaveLength(300)
})

test('a foreign program that holds the file is a LEDGER_UNWRITABLE, not a wait without end', () => {
  const file = temporaryFile()
  const { writer, database } = fullDisk(file)
  database.pragma('busy_timeout = 50')
  const foreign = plainConnection(file)
  foreign.exec('BEGIN IMMEDIATE')
  expect(codeOf(() => writer.openRecord(opening()))).toBe('LEDGER_UNWRITABLE')
  foreign.exec('ROLLBACK')
  expect(writer.openRecord(opening())).toHaveLength(36)
})
