// Turns a filter into conditions of SQL over record AS r and closing AS c. Values are always bound, never pasted.
import type { Database } from 'better-sqlite3'
import type { LedgerFilter } from './ledger.ts'
import { firstWord, keyRangesOf } from './search-keys.ts'

export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** Up to so many matches are looked up one by one and sorted; beyond, walking from the newest fills a page sooner. */
const lookedUp = 20_000

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
  const values = [starts.low, starts.high, ends.low, ends.high]
  const matching = `SELECT record_number FROM search_key WHERE key >= ? AND key < ?
    UNION SELECT record_number FROM search_key WHERE key >= ? AND key < ?`
  const few = `SELECT count(*) FROM (SELECT 1 FROM search_key WHERE key >= ? AND key < ?
    UNION ALL SELECT 1 FROM search_key WHERE key >= ? AND key < ? LIMIT ${lookedUp + 1})`
  const count = Number(database.prepare(few).pluck().get(values))
  // The unary plus keeps SQLite from visiting the matches one by one in the order of their numbers.
  return { sql: `${count <= lookedUp ? 'r.number' : '+r.number'} IN (${matching})`, values }
}
