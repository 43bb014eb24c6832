// The third version of the ledger: that nothing of the first two is lost or changed by it, or by a crash on the way.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrations } from '../../src/main/audit/migrations/migrations.ts'
import { openForWriting } from '../../src/main/audit/open-database.ts'
import { closing, deviceClosing, deviceIdOf, deviceOpening, opening, startOfTime } from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'
import { headOfVersionOne, openThen, passedThen, writeVersionOne } from './version-one.ts'
import { headOfVersionTwo, recordsOfVersionTwo, writeVersionTwo } from './version-two-ledger.ts'

const { passed, verified, failed, open } = recordsOfVersionTwo

function rowsOf(database: Database, tables: readonly string[]): unknown {
  return tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())
}

test('a ledger of version 2 keeps its chain, hash for hash, and goes on behind it', async () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const ledger = temporaryLedger(file)
  expect(await ledger.verify()).toEqual({
    ...{ ok: true, records: 4, problems: [] },
    head: { sequence: 7, hash: headOfVersionTwo },
  })
  ledger.closeRecord(closing(open, { modules: [] }))
  ledger.closeRecord(deviceClosing(ledger.openRecord(deviceOpening())))
  const noted = { sequence: 7, hash: headOfVersionTwo }
  expect(await ledger.verify({ noted })).toMatchObject({ ok: true, records: 5, head: { sequence: 10 } })
})

test('every row of version 2 is carried over as it is, numbers with their gaps, steps, modules and keys', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const children = ['step', 'module', 'chain', 'search_key']
  const old = new Sqlite(file)
  const before = { rows: rowsOf(old, children), records: rowsOf(old, ['record']), closings: rowsOf(old, ['closing']) }
  old.close()
  temporaryLedger(file)
  const database = plainConnection(file)
  expect(rowsOf(database, children)).toEqual(before.rows)
  const news = { device: null, device_name: null, has_own_serial: null, revision_before: null }
  const withNews = (tables: unknown, added: object) =>
    (tables as object[][]).map((rows) => rows.map((row) => ({ ...row, ...added })))
  expect(rowsOf(database, ['record'])).toEqual(withNews(before.records, news))
  expect(rowsOf(database, ['closing'])).toEqual(
    withNews(before.closings, { device_after: null, revision_after: null, image_count: null }),
  )
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('records of version 2 are read, found and counted as before', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const ledger = temporaryLedger(file)
  const ids = (filter: Parameters<typeof ledger.search>[0]) => ledger.search(filter).records.map((row) => row.recordId)
  expect(ids({})).toEqual([open, failed, verified, passed])
  expect(ids({ text: 'B4000HAF3' })).toEqual([verified])
  expect(ids({ text: '1-2.5' })).toEqual([failed])
  expect(ids({ job: 'flash' })).toEqual([failed, passed])
  expect(ledger.latestOf(deviceIdOf(3))?.recordId).toBe(verified)
  expect(ledger.record(passed)).toMatchObject({
    ...{ platform: 'boron', deviceId: deviceIdOf(1), device: null, label: { lot: '7' }, job: 'flash' },
    closing: { outcome: 'pass', images: [], deviceAfter: null, modules: [{ kind: 'factory', proof: 'read-back' }] },
  })
  expect(ledger.search({ text: deviceIdOf(3) }).records).toMatchObject([
    { type: 'boron', name: deviceIdOf(3), revisionBefore: null, revisionAfter: null },
  ])
  expect(ledger.tally({ since: 0 })).toMatchObject({ pass: 2, fail: 1 })
})

test('a ledger of version 1 walks over version 2 to this one, hash for hash', async () => {
  const file = temporaryFile()
  writeVersionOne(file)
  const ledger = temporaryLedger(file)
  expect(await ledger.verify()).toMatchObject({ ok: true, head: { sequence: 3, hash: headOfVersionOne } })
  ledger.closeRecord(closing(openThen))
  expect(ledger.record(passedThen)).toMatchObject({ job: 'flash', platform: 'boron', device: null })
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 2 })
})

test('a ledger that was walked forward has the very tables, rules and indexes of a new one', () => {
  const [walked, fresh] = [temporaryFile(), temporaryFile()]
  writeVersionTwo(walked)
  const schemas = [walked, fresh].map((file) => {
    temporaryLedger(file)
    return plainConnection(file).prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
  })
  expect(schemas[0]).toEqual(schemas[1])
  const names = (schemas[0] as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      ...['record_by_start', 'record_by_device', 'record_by_recipe', 'record_by_name', 'closing_by_end'],
      ...['record', 'closing', 'step', 'module', 'image', 'chain', 'search_key'].flatMap((table) =>
        ['update', 'delete', 'replace'].map((rule) => `${table}_no_${rule}`),
      ),
    ]),
  )
})

test('every table still belongs to its record, also for plain SQL', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  temporaryLedger(file)
  const database = plainConnection(file)
  database.pragma('foreign_keys = ON')
  const parents = ['closing', 'step', 'module', 'image', 'chain', 'search_key'].map((table) =>
    (database.pragma(`foreign_key_list(${table})`) as { table: string }[]).map((key) => key.table),
  )
  expect(parents).toEqual(Array.from({ length: 6 }, () => ['record']))
  const stray = "INSERT INTO step VALUES ('01930000-0000-7000-8000-00000000dead', 1, 'x', 0, 0, 'done', 0, NULL)"
  expect(() => database.exec(stray)).toThrow(/FOREIGN KEY/)
})

test('the writing connection minds foreign keys again after it walked a ledger forward', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const database = openForWriting(file, { migrations, now: () => startOfTime })
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
  database.close()
})

test('a row that belongs to no record stops the walk, and leaves the old version', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const database = new Sqlite(file)
  database.pragma('foreign_keys = OFF')
  database.exec("INSERT INTO step VALUES ('01930000-0000-7000-8000-00000000dead', 1, 'x', 0, 0, 'done', 0, NULL)")
  database.close()
  expect(() => temporaryLedger(file)).toThrow(/^LEDGER_DAMAGED: .*a row of step belongs to no record$/)
  expect(plainConnection(file).pragma('user_version', { simple: true })).toBe(2)
})

test('a process killed in the middle of the walk leaves version 2, whole, and the next start walks', async () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'migrating-child.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(String(said)).toBe('inside\n')
  const database = new Sqlite(file)
  expect(database.pragma('user_version', { simple: true })).toBe(2)
  expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'image'").pluck().get()).toBe(0)
  expect(database.prepare('SELECT hash FROM chain ORDER BY sequence DESC LIMIT 1').pluck().get()).toBe(headOfVersionTwo)
  expect(() => database.exec('DELETE FROM record')).toThrow(/append-only/)
  database.close()
  const ledger = temporaryLedger(file)
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 4, head: { hash: headOfVersionTwo } })
})

test('Particle boards are limited, opened and closed after the walk as before', () => {
  const file = temporaryFile()
  writeVersionTwo(file)
  const ledger = temporaryLedger(file)
  const sha256 = 'a'.repeat(64)
  const limited = (board: number) =>
    opening({ deviceId: deviceIdOf(board), recipeSha256: sha256 as never, limits: { boards: 2, notAfter: null } })
  // Boards 1 and 3 passed in version 2, and 9 is still open there.
  expect(() => ledger.openRecord(limited(7))).toThrow(/RECIPE_LIMIT_REACHED.* 3 have passed or are being worked on/)
  expect(() => ledger.openRecord(limited(3))).not.toThrow()
})
