// Turns a filter into conditions of SQL over record AS r and closing AS c. Values are always bound, never pasted.
import type { Database } from 'better-sqlite3'
import type { LedgerFilter } from './ledger.ts'
import { firstWord, keyRangesOf } from './search-keys.ts'

export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** Up to so many matches are looked up by key and sorted; beyond, the next page is near and walking finds it sooner. */
const keyedLimit = 20_000

const idColumns = [
  'r.device_id',
  'r.iccid',
  'r.imei',
  'r.serial_number',
  'r.record_id',
  'r.port_path',
  'c.iccid',
  'c.imei',
  'c.serial_number',
]

export function conditionsOf(database: Database, filter: LedgerFilter): readonly Condition[] {
  const word = firstWord(filter.text ?? '')
  return [
    ...(word === '' ? [] : [textCondition(database, word)]),
    ...present(filter.outcome, (outcome) =>
      outcome === 'open' ? { sql: 'c.outcome IS NULL', values: [] } : { sql: 'c.outcome = ?', values: [outcome] },
    ),
    ...present(filter.platform, (platform) => ({ sql: 'r.platform = ?', values: [platform] })),
    ...present(filter.from, (from) => ({ sql: 'r.started_at >= ?', values: [from] })),
    ...present(filter.to, (to) => ({ sql: 'r.started_at <= ?', values: [to] })),
    ...present(filter.recipe, (recipe) => ({ sql: 'r.recipe_name = ?', values: [recipe] })),
    ...present(filter.job, (job) => ({ sql: "coalesce(r.job, 'flash') = ?", values: [job] })),
    ...present(filter.simulated, (simulated) => ({ sql: 'r.is_simulated = ?', values: [simulated ? 1 : 0] })),
  ]
}

function present<T>(value: T | null | undefined, condition: (value: T) => Condition): readonly Condition[] {
  return value === null || value === undefined ? [] : [condition(value)]
}

function textCondition(database: Database, word: string): Condition {
  const { starts, ends } = keyRangesOf(word)
  const matching = `SELECT record_number FROM search_key WHERE key >= ? AND key < ?
    UNION SELECT record_number FROM search_key WHERE key >= ? AND key < ?`
  const bounds = [starts.low, starts.high, ends.low, ends.high]
  const few = `SELECT count(*) FROM (SELECT 1 FROM search_key WHERE key >= ? AND key < ?
    UNION ALL SELECT 1 FROM search_key WHERE key >= ? AND key < ? LIMIT ${keyedLimit + 1})`
  const count = Number(database.prepare(few).pluck().get(bounds))
  if (count <= keyedLimit) return { sql: `r.number IN (${matching})`, values: bounds }
  const literal = word.replaceAll(/[\\%_]/g, '\\$&')
  return {
    sql: idColumns.map((column) => `${column} LIKE ? ESCAPE '\\' OR ${column} LIKE ? ESCAPE '\\'`).join(' OR '),
    values: idColumns.flatMap(() => [`${literal}%`, `%${literal}`]),
  }
}
