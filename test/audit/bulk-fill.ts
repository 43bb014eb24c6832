// Fills a ledger with many closed records fast: plain SQL in one transaction, without a chain.
import type { Database } from 'better-sqlite3'
import { searchKeysOf } from '../../src/main/audit/search-keys.ts'
import { startOfTime } from './record-samples.ts'

/** Records from `from` on; record n of `count` has the device ID e00fce68 + n in hex, slot n % 32, a minute of its own, and fails every 50th time. */
export function bulkFill(
  database: Database,
  count: number,
  { keys, from = 1 }: { readonly keys: boolean; readonly from?: number } = { keys: true },
): void {
  const n = `WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n LIMIT ?)`
  const id = "printf('01930000-0000-7000-8000-%012x', i)"
  const device = "printf('e00fce68%016x', i)"
  const sql = [
    `${n} INSERT INTO record SELECT i, ${id}, 'S1', '0.1.0', i % 32, '1-2.' || (i % 32), 'boron', ${device},
       'B' || i, NULL, printf('8901410321%010d', i), NULL, printf('3567%011d', i), NULL, '3.3.1', NULL, 'Boron to 4.0.2',
       '${'a'.repeat(64)}', 0, ${startOfTime} + i * 60000, '["Write system 1"]', '[]', NULL, 'Mei', 'flash', NULL, NULL,
       NULL, NULL, NULL, NULL FROM n`,
    `${n} INSERT INTO step SELECT ${id}, 0, 'Write system 1', ${startOfTime} + i * 60000, 41, 'done', 4096, NULL FROM n`,
    `${n} INSERT INTO module SELECT ${id}, 0, 'system', 1, 2011, 4006, 4006, '${'b'.repeat(64)}', '${'c'.repeat(64)}',
       'read-back', 'written', NULL FROM n`,
    `${n} INSERT INTO closing SELECT ${id}, iif(i % 50 = 0, 'fail', 'pass'), iif(i % 50 = 0, 'USB_STALL', NULL),
       iif(i % 50 = 0, 'pipe', NULL), ${startOfTime} + i * 60000 + 41000, 41000, '4.0.2', NULL, NULL, NULL, NULL, 1, 1,
       '[]', NULL, NULL, NULL, NULL FROM n`,
  ]
  const fill = database.transaction(() => {
    for (const statement of sql) database.prepare(statement).run(count)
    if (keys) fillKeys(database, from)
  })
  fill()
}

function fillKeys(database: Database, from: number): void {
  const rows = database
    .prepare<[number], [number, ...string[]]>(
      'SELECT number, record_id, device_id, iccid, imei, serial_number, port_path FROM record WHERE number >= ?',
    )
    .raw()
    .all(from) as unknown as [number, ...string[]][]
  const keys = rows.flatMap(([number, ...ids]) => searchKeysOf(ids).map((key) => [key, number] as const))
  keys.sort(([a], [b]) => (a < b ? -1 : 1))
  const insert = database.prepare('INSERT INTO search_key VALUES (?, ?)')
  for (const [key, number] of keys) insert.run(key, number)
}
