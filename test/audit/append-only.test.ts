import { expect, test } from 'vitest'
import { closing, deviceClosing, deviceOpening, opening } from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'

function filledLedger() {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const closed = ledger.openRecord(opening())
  ledger.closeRecord(closing(closed))
  const closedDevice = ledger.openRecord(deviceOpening())
  ledger.closeRecord(deviceClosing(closedDevice))
  const open = ledger.openRecord(opening())
  return { closed, closedDevice, open, database: plainConnection(file), ledger }
}

const refusal = /append-only|this record is closed|at its end only/
const tables = ['record', 'closing', 'step', 'module', 'image', 'chain', 'search_key'] as const

test.each(tables)('no SQL updates or deletes a row of %s', (table) => {
  const { database } = filledLedger()
  const column = table === 'search_key' ? 'key' : 'record_id'
  expect(() => database.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow(/append-only/)
  expect(() => database.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
})

test.each(tables)('no INSERT OR REPLACE slips a new row of %s over an old one', (table) => {
  const { database } = filledLedger()
  const before = database.prepare(`SELECT * FROM ${table}`).all()
  expect(() => database.exec(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow(refusal)
  expect(() => database.exec(`REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow(refusal)
  expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual(before)
})

test.each(['step', 'module', 'image'])('a closed record takes no further %s', (table) => {
  const { database, closed, closedDevice } = filledLedger()
  const columns = database.pragma(`table_info(${table})`) as { name: string }[]
  const values = columns.map(({ name }) => (name === 'position' ? '99' : name))
  const sql = `INSERT INTO ${table} SELECT ${values.join(', ')} FROM ${table} WHERE record_id = ? LIMIT 1`
  expect(() => database.prepare(sql).run(table === 'image' ? closedDevice : closed)).toThrow(/this record is closed/)
})

test('the chain takes no entry but the next, behind the last hash', () => {
  const { database, open } = filledLedger()
  const insert = database.prepare("INSERT INTO chain VALUES (?, ?, 'close', ?, ?)")
  const hash = 'f'.repeat(64)
  expect(() => insert.run(9, open, hash, hash)).toThrow(/at its end only/)
  expect(() => insert.run(6, open, hash, hash)).toThrow(/at its end only/)
})

test('no column takes a number for an ID', () => {
  const { database } = filledLedger()
  const types = database
    .prepare<[], string>("SELECT type FROM pragma_table_info('record') WHERE name = 'iccid'")
    .pluck()
  expect(types.get()).toBe('TEXT')
  const strict = database.prepare("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 1").pluck()
  expect(strict.get()).toBe(tables.length)
})
