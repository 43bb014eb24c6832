import fs from 'node:fs'
import type { Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/main/audit/ledger.ts'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { closing, deviceClosing, deviceOpening, imageRecord, opening, stepRecord } from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'

interface Fixture {
  readonly file: string
  readonly ledger: Ledger
  /** Four closed records, then an open one. */
  readonly ids: readonly RecordId[]
}

function filledLedger(): Fixture {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const ids = [0, 1, 2, 3].map((slot) => {
    const recordId = ledger.openRecord(opening({ slot }))
    ledger.closeRecord(closing(recordId, { steps: [stepRecord(0), stepRecord(1), stepRecord(2)] }))
    return recordId
  })
  return { file, ledger, ids: [...ids, ledger.openRecord(opening({ slot: 4 }))] }
}

/** What a person with a database browser does: drops the guards, then edits. */
function tamper(file: string, sql: string): Database {
  const database = plainConnection(file)
  database.pragma('foreign_keys = OFF')
  const triggers = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
  for (const trigger of triggers) database.exec(`DROP TRIGGER ${trigger}`)
  database.exec(sql)
  return database
}

test('an untouched ledger is proven, however often', async () => {
  const { ledger } = filledLedger()
  const verdict = await ledger.verify()
  expect(verdict).toEqual({ ok: true, records: 5, head: { sequence: 9, hash: expect.any(String) }, problems: [] })
  expect(await ledger.verify()).toEqual(verdict)
})

test('an empty ledger is proven', async () => {
  const { ok, records, head } = await temporaryLedger().verify()
  expect([ok, records, head.sequence]).toEqual([true, 0, 0])
})

// Record 2 is entries 3 and 4 of the chain, record 3 entries 5 and 6.
const id = (number: number) => `(SELECT record_id FROM record WHERE number = ${number})`
const edits: readonly (readonly [string, string, string])[] = [
  ['a duration edited', `UPDATE closing SET duration_ms = 1 WHERE record_id = ${id(2)}`, 'changed closing 4'],
  [
    'another device ID',
    `UPDATE record SET device_id = replace(device_id, '1', '2') WHERE number = 2`,
    'changed record 3',
  ],
  ['another operator', "UPDATE record SET operator = 'Li' WHERE number = 2", 'changed record 3'],
  ['an operator taken away', 'UPDATE record SET operator = NULL WHERE number = 2', 'changed record 3'],
  ['a step edited', `UPDATE step SET bytes = 0 WHERE record_id = ${id(2)} AND position = 1`, 'changed closing 4'],
  ['a proof edited', `UPDATE module SET proof = 'reported-hash' WHERE record_id = ${id(2)}`, 'changed closing 4'],
  ['a step taken out', `DELETE FROM step WHERE record_id = ${id(2)} AND position = 2`, 'missing step 4'],
  ['a module taken out', `DELETE FROM module WHERE record_id = ${id(2)} AND position = 1`, 'missing module 4'],
  [
    'a step put in',
    `INSERT INTO step SELECT record_id, 9, name, started_at, duration_ms, result, bytes, detail FROM step
     WHERE record_id = ${id(2)} AND position = 0`,
    'inserted step 4',
  ],
  ['a closing taken out', `DELETE FROM closing WHERE record_id = ${id(2)}`, 'missing closing 4'],
  ['a record taken out', 'DELETE FROM record WHERE number = 2', 'missing record 3'],
  [
    'a record taken out with all that speaks of it',
    `DELETE FROM step WHERE record_id = ${id(2)}; DELETE FROM module WHERE record_id = ${id(2)};
     DELETE FROM closing WHERE record_id = ${id(2)}; DELETE FROM chain WHERE record_id = ${id(2)};
     DELETE FROM record WHERE number = 2`,
    'missing chain 5',
  ],
  [
    'the same, and the chain numbered anew',
    `DELETE FROM step WHERE record_id = ${id(2)}; DELETE FROM module WHERE record_id = ${id(2)};
     DELETE FROM closing WHERE record_id = ${id(2)}; DELETE FROM chain WHERE record_id = ${id(2)};
     DELETE FROM record WHERE number = 2; UPDATE chain SET sequence = sequence - 2 WHERE sequence > 4`,
    'missing chain 3',
  ],
  [
    'two entries exchanged',
    `UPDATE chain SET sequence = -1 WHERE sequence = 3; UPDATE chain SET sequence = 3 WHERE sequence = 4;
     UPDATE chain SET sequence = 4 WHERE sequence = -1`,
    'reordered chain 3',
  ],
  [
    'an entry put in between',
    `UPDATE chain SET sequence = -sequence WHERE sequence > 2; UPDATE chain SET sequence = 1 - sequence WHERE sequence < 0;
     INSERT INTO record SELECT 99, replace(record_id, '-7', '-f'), station_id, software_version, slot, port_path, platform,
       device_id, serial_number, serial_number_reason, iccid, iccid_reason, imei, imei_reason, device_os_before,
       device_os_before_reason, recipe_name, recipe_sha256, is_simulated, started_at, plan, modules_before,
       modules_before_reason, operator, job, label, board, device, device_name, has_own_serial, revision_before FROM record WHERE number = 1;
     INSERT INTO chain SELECT 3, ${id(99)}, 'open', hash, '${'0'.repeat(64)}' FROM chain WHERE sequence = 2`,
    'changed record 3',
  ],
  ['the hash of an entry edited', `UPDATE chain SET hash = '${'0'.repeat(64)}' WHERE sequence = 3`, 'changed record 3'],
  [
    'a record put in beside the chain',
    `INSERT INTO record SELECT 99, replace(record_id, '-7', '-f'), station_id, software_version, slot, port_path, platform,
       device_id, serial_number, serial_number_reason, iccid, iccid_reason, imei, imei_reason, device_os_before,
       device_os_before_reason, recipe_name, recipe_sha256, is_simulated, started_at, plan, modules_before,
       modules_before_reason, operator, job, label, board, device, device_name, has_own_serial, revision_before FROM record WHERE number = 1`,
    'inserted record null',
  ],
  [
    'a closing put in beside the chain',
    `INSERT INTO closing SELECT ${id(5)}, outcome, fault_code, fault_detail, ended_at, duration_ms, device_os_after,
       device_os_after_reason, iccid, imei, serial_number, 0, 0, modules_after, modules_after_reason,
       NULL, NULL, NULL FROM closing WHERE record_id = ${id(1)}`,
    'inserted closing null',
  ],
  [
    'a step put in for an open record',
    `INSERT INTO step SELECT ${id(5)}, position, name, started_at, duration_ms, result, bytes, detail FROM step
     WHERE record_id = ${id(1)}`,
    'inserted step null',
  ],
]

describe('tampering with the guards dropped is found and named', () => {
  test.each(edits)('%s', async (_, sql, first) => {
    const { file, ledger } = filledLedger()
    tamper(file, sql)
    const { ok, problems } = await ledger.verify()
    const [problem] = problems
    expect(ok).toBe(false)
    expect(`${problem?.kind} ${problem?.table} ${problem?.sequence}`).toBe(first)
  })
})

test('one changed row is one problem, with the record and a line for people', async () => {
  const { file, ledger, ids } = filledLedger()
  tamper(file, "UPDATE record SET operator = 'Li' WHERE number = 2")
  expect((await ledger.verify()).problems).toEqual([
    {
      kind: 'changed',
      table: 'record',
      recordId: ids[1],
      sequence: 3,
      detail: `entry 3, record ${ids[1]}: the record was changed, or its entry`,
    },
  ])
})

test('records cut off the end are found by a head that was noted before', async () => {
  const { file, ledger } = filledLedger()
  const { head } = await ledger.verify()
  tamper(
    file,
    `DELETE FROM chain WHERE sequence = 9; DELETE FROM search_key WHERE record_number = 5;
    DELETE FROM record WHERE number = 5`,
  )
  expect((await ledger.verify()).ok).toBe(true)
  const [problem] = (await ledger.verify({ noted: head })).problems
  expect(problem).toMatchObject({ kind: 'missing', table: 'chain', sequence: 9 })
})

test('a noted head is still met after the ledger grew', async () => {
  const { ledger } = filledLedger()
  const { head } = await ledger.verify()
  ledger.openRecord(opening())
  expect((await ledger.verify({ noted: head })).ok).toBe(true)
})

test('the station writes on while the ledger is verified', async () => {
  const { ledger } = filledLedger()
  for (let i = 0; i < 200; i++) ledger.closeRecord(closing(ledger.openRecord(opening())))
  const verifying = ledger.verify()
  for (let i = 0; i < 20; i++) {
    ledger.openRecord(opening())
    await new Promise(setImmediate)
  }
  expect(await verifying).toMatchObject({ ok: true, records: 205 })
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 225 })
})

test('verifying stops when it is aborted', async () => {
  const { ledger } = filledLedger()
  await expect(ledger.verify({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
})

test('damage to the file itself is a problem, not a crash', async () => {
  const { file, ledger } = filledLedger()
  for (let i = 0; i < 100; i++) ledger.closeRecord(closing(ledger.openRecord(opening())))
  ledger[Symbol.dispose]()
  const bytes = fs.readFileSync(file)
  bytes.fill(0xa5, 4096 * 40, 4096 * 60)
  fs.writeFileSync(file, bytes)
  using reader = openLedgerForReading({ file })
  const { ok, problems } = await reader.verify()
  expect([ok, problems[0]?.kind, problems[0]?.table]).toEqual([false, 'unreadable', 'file'])
})

test('a file whose table of contents is damaged is refused by name', () => {
  const { file, ledger } = filledLedger()
  ledger[Symbol.dispose]()
  const bytes = fs.readFileSync(file)
  fs.writeFileSync(file, bytes.fill(0xa5, 200, 4096))
  expect(() => openLedgerForReading({ file })).toThrow(/^LEDGER_DAMAGED/)
  expect(() => temporaryLedger(file)).toThrow(/^LEDGER_DAMAGED/)
  fs.writeFileSync(file, 'this is a letter, not a ledger'.repeat(400))
  expect(() => openLedgerForReading({ file })).toThrow(/^LEDGER_DAMAGED/)
  expect(() => temporaryLedger(file)).toThrow(/^LEDGER_DAMAGED/)
})

const images: readonly (readonly [string, string, string])[] = [
  ['a proof edited', "UPDATE image SET proof = 'reported-version' WHERE position = 1", 'changed closing 2'],
  [
    'the bytes edited',
    `UPDATE image SET sha256 = '${'0'.repeat(64)}', read_back_sha256 = '${'0'.repeat(64)}'`,
    'changed closing 2',
  ],
  ['an image taken out', 'DELETE FROM image WHERE position = 2', 'missing image 2'],
  ['all images taken out', 'DELETE FROM image', 'missing image 2'],
  [
    'all images taken out, and their count',
    'DELETE FROM image; UPDATE closing SET image_count = NULL',
    'changed closing 2',
  ],
  [
    'an image put in',
    'INSERT INTO image SELECT record_id, 9, alternate, memory, address, size_bytes, sha256, read_back_sha256, proof, action, reason FROM image WHERE position = 1',
    'inserted image 2',
  ],
  ['another device', `UPDATE record SET device = replace(device, '3677365A3037', '3677365A3038')`, 'changed record 1'],
  ['a serial number that was shared', 'UPDATE record SET has_own_serial = 0', 'changed record 1'],
  ['another version', "UPDATE closing SET revision_after = '1.03'", 'changed closing 2'],
]

test.each(images)('tampering with the record of a DFU device is found and named: %s', async (_, sql, first) => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const recordId = ledger.openRecord(deviceOpening())
  ledger.closeRecord(deviceClosing(recordId, { images: [imageRecord(), imageRecord({ position: 2 })] }))
  expect(await ledger.verify()).toMatchObject({ ok: true })
  tamper(file, sql)
  const [problem] = (await ledger.verify()).problems
  expect(`${problem?.kind} ${problem?.table} ${problem?.sequence}`).toBe(first)
})

test('an image put in for an open record is found', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  ledger.closeRecord(deviceClosing(ledger.openRecord(deviceOpening())))
  ledger.openRecord(deviceOpening())
  tamper(
    file,
    `INSERT INTO image SELECT ${id(2)}, position, alternate, memory, address, size_bytes, sha256, read_back_sha256, proof,
     action, reason FROM image`,
  )
  expect((await ledger.verify()).problems).toMatchObject([{ kind: 'inserted', table: 'image', sequence: null }])
})
