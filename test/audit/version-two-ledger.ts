// A ledger as the second version of the software left it: its tables, its rows by plain SQL, its keys and its chain.
import Sqlite from 'better-sqlite3'
import { migrate } from '../../src/main/audit/migrate.ts'
import { migrations } from '../../src/main/audit/migrations/migrations.ts'
import { searchKeysOf } from '../../src/main/audit/search-keys.ts'
import { asRecordId } from '../../src/shared/model/ids.ts'
import { oldChain } from './old-chain.ts'
import { deviceIdOf, startOfTime } from './record-samples.ts'

/** What `verify` of that version gave as head of this ledger. */
export const headOfVersionTwo = 'ad122cf6c10d8d8138e33084375156e79d0f9fed0eaeafe81b6940e10472c0fb'

/** In the order of their numbers, which have a gap. */
export const recordsOfVersionTwo = {
  passed: asRecordId('01930000-0000-7000-8000-000000000011'),
  verified: asRecordId('01930000-0000-7000-8000-000000000012'),
  failed: asRecordId('01930000-0000-7000-8000-000000000013'),
  open: asRecordId('01930000-0000-7000-8000-000000000014'),
} as const

const insertRecord = `
INSERT INTO record (number, record_id, station_id, software_version, slot, port_path, platform, device_id, serial_number,
  serial_number_reason, iccid, iccid_reason, imei, imei_reason, device_os_before, device_os_before_reason, recipe_name,
  recipe_sha256, is_simulated, started_at, plan, modules_before, modules_before_reason, operator, job, label, board)
VALUES (@number, @recordId, 'SZ-L2-P03', '0.2.0', @number, '1-2.' || @number, 'boron', @deviceId, 'B4000HAF' || @number,
  NULL, NULL, 'no SIM', '356726100000001', NULL, '3.3.1', NULL, 'Boron to 4.0.2', @sha256, 0, @startedAt,
  '["Write system 1"]', '[]', NULL, 'Mei', @job, '{"lot":"7"}',
  '{"mode":"normal","isProtected":{"known":true,"value":false}}')`

const insertModule = `
INSERT INTO module VALUES (@recordId, 0, 'factory', 1, 2011, 4006, 4006, @sha256, @sha256, 'read-back', @action, NULL)`

const insertStep = "INSERT INTO step VALUES (@recordId, 1, 'Write system 1', @startedAt, 41, 'done', 4096, NULL)"

const insertClosing = `
INSERT INTO closing VALUES (@recordId, @outcome, @faultCode, @faultDetail, @startedAt + 41000, 41000, '4.0.2', NULL,
  '89014103211118510720', NULL, NULL, 1, 1, '[]', NULL)`

const closings = [
  { name: 'passed', job: 'flash', action: 'written', outcome: 'pass', faultCode: null, faultDetail: null },
  { name: 'verified', job: 'verify', action: 'unchanged', outcome: 'pass', faultCode: null, faultDetail: null },
  { name: 'failed', job: null, action: 'written', outcome: 'fail', faultCode: 'USB_GONE', faultDetail: 'left' },
] as const

/** A passed flash, a passed verification and a failed flash, each with a step and a module, and one still open. */
export function writeVersionTwo(file: string): void {
  const database = new Sqlite(file)
  migrate(database, { migrations: migrations.slice(0, 2), now: () => startOfTime })
  const chain = oldChain(database)
  const key = database.prepare('INSERT OR IGNORE INTO search_key (key, record_number) VALUES (?, ?)')
  const open = (number: number, name: keyof typeof recordsOfVersionTwo, job: string | null) => {
    const recordId = recordsOfVersionTwo[name]
    const deviceId = deviceIdOf(number)
    const startedAt = startOfTime + number
    const row = { number, recordId, deviceId, sha256: 'a'.repeat(64), startedAt, job }
    database.prepare(insertRecord).run(row)
    for (const word of searchKeysOf([recordId, deviceId, '356726100000001', `B4000HAF${number}`, `1-2.${number}`]))
      key.run(word, number)
    chain('open', recordId)
    return row
  }
  const write = database.transaction(() => {
    closings.forEach(({ name, job, ...closing }, index) => {
      const row = { ...open(index * 2 + 1, name, job), ...closing }
      database.prepare(insertStep).run(row)
      database.prepare(insertModule).run(row)
      database.prepare(insertClosing).run(row)
      chain('close', row.recordId)
    })
    open(9, 'open', 'identify')
  })
  write()
  database.close()
}
