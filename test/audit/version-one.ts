// A ledger as the first version of the software left it: its tables, its rows by plain SQL, its chain.
import Sqlite from 'better-sqlite3'
import { migrate } from '../../src/main/audit/migrate.ts'
import { migrations } from '../../src/main/audit/migrations/migrations.ts'
import { asRecordId, type RecordId } from '../../src/shared/model/ids.ts'
import { oldChain } from './old-chain.ts'
import { startOfTime } from './record-samples.ts'

/** What `verify` of that version gave as head of this ledger. */
export const headOfVersionOne = '389fe00ef7d696a1dc0bf31f99bdb3c26bcda3227af79a3c7cf4828f4b365c65'

export const passedThen = asRecordId('01930000-0000-7000-8000-000000000001')
export const openThen = asRecordId('01930000-0000-7000-8000-000000000002')

/** One passed record with a step and two modules, and one that is still open. */
export function writeVersionOne(file: string): void {
  const database = new Sqlite(file)
  migrate(database, { migrations: migrations.slice(0, 1), now: () => startOfTime })
  const chain = oldChain(database)
  const record = (recordId: RecordId) =>
    database
      .prepare(
        `INSERT INTO record (record_id, station_id, software_version, slot, port_path, platform, device_id,
           serial_number_reason, iccid, imei_reason, device_os_before, recipe_name, recipe_sha256, is_simulated,
           started_at, plan, modules_before, operator)
         VALUES (?, 'SZ-L2-P03', '0.1.0', 3, '1-2.3', 'boron', 'e00fce680000000000000001', 'not asked',
           '89014103211118510720', 'not asked', '3.3.1', 'Boron to 4.0.2', ?, 0, ?, '["Write system 1"]', '[]', 'Mei')`,
      )
      .run(recordId, 'a'.repeat(64), startOfTime)
  const write = database.transaction(() => {
    record(passedThen)
    chain('open', passedThen)
    database
      .prepare("INSERT INTO step VALUES (?, 1, 'Write system 1', ?, 41, 'done', 4096, NULL)")
      .run(passedThen, startOfTime)
    const module = database.prepare(
      "INSERT INTO module VALUES (?, ?, ?, 1, 2011, 4006, 4006, ?, ?, 'read-back', 'written', NULL)",
    )
    module.run(passedThen, 0, 'system', 'b'.repeat(64), 'c'.repeat(64))
    module.run(passedThen, 1, 'user', 'd'.repeat(64), 'e'.repeat(64))
    database
      .prepare(
        "INSERT INTO closing VALUES (?, 'pass', NULL, NULL, ?, 41000, '4.0.2', NULL, NULL, NULL, NULL, 1, 2, '[]', NULL)",
      )
      .run(passedThen, startOfTime + 41_000)
    chain('close', passedThen)
    record(openThen)
    chain('open', openThen)
  })
  write()
  database.close()
}
