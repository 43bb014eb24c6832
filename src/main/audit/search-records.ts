// Finds records: pages of the newest first, counts by outcome, the last visit of a board.
import type { Database } from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import { cleanText } from '../../shared/model/clean-text.ts'
import { parseDeviceId } from '../../shared/model/ids.ts'
import { type Outcome, outcomes, type RecordSummary } from '../../shared/model/record.ts'
import type { LedgerFilter, LedgerPage, LedgerPageRequest, LedgerTally, TallyRequest } from './ledger.ts'
import { withLedgerFaults } from './ledger-faults.ts'
import { type Condition, conditionsOf } from './record-conditions.ts'
import { type SummaryRow, summaryFrom } from './record-rows.ts'

const maxPageSize = 1000

const joined = 'FROM record AS r LEFT JOIN closing AS c ON c.record_id = r.record_id'

/** isAlreadyCurrent() of the model, in SQL: a list must not read every step of every record. */
const alreadyCurrent = `
coalesce(r.job, 'flash') = 'flash' AND coalesce(c.outcome, 'open') = 'pass'
  AND (EXISTS (SELECT 1 FROM module AS m WHERE m.record_id = r.record_id)
    OR EXISTS (SELECT 1 FROM image AS i WHERE i.record_id = r.record_id))
  AND NOT EXISTS (SELECT 1 FROM module AS m WHERE m.record_id = r.record_id
    AND (m.action NOT IN ('unchanged', 'skipped') OR m.proof = 'none'))
  AND NOT EXISTS (SELECT 1 FROM image AS i WHERE i.record_id = r.record_id
    AND (i.action <> 'unchanged' OR i.proof = 'none'))
  AND NOT EXISTS (SELECT 1 FROM step AS s WHERE s.record_id = r.record_id AND s.bytes > 0)`

const summaries = `
SELECT r.number, r.record_id, r.started_at, r.slot, r.port_path, r.platform, r.device_id, r.device,
  r.revision_before, c.revision_after,
  coalesce(r.iccid, c.iccid) AS iccid, c.outcome, c.fault_code, c.duration_ms, r.recipe_name, r.device_os_before,
  c.device_os_after, r.is_simulated, r.job, (${alreadyCurrent}) AS already_current
${joined}`

const newestFirst = 'ORDER BY r.started_at DESC, r.number DESC'

export interface RecordSearch {
  search(filter: LedgerFilter, page?: LedgerPageRequest): LedgerPage
  tally(request: TallyRequest): LedgerTally
  latestOf(name: string): RecordSummary | null
  summary(recordId: string): RecordSummary | null
}

export function recordSearch(database: Database): RecordSearch {
  const latestWhere = (column: 'device_id' | 'device_name') =>
    database.prepare<[string], SummaryRow>(`${summaries} WHERE r.${column} = ? ${newestFirst} LIMIT 1`)
  const byDeviceId = latestWhere('device_id')
  const byName = latestWhere('device_name')
  const latest = (name: string) => {
    const deviceId = parseDeviceId(name)
    return deviceId === null ? byName.get(cleanText(name)) : byDeviceId.get(deviceId)
  }
  const one = database.prepare<[string], SummaryRow>(`${summaries} WHERE r.record_id = ?`)
  const summaryOrNull = (row: SummaryRow | undefined) => (row === undefined ? null : summaryFrom(row))
  return {
    search: (filter, page = {}) => withLedgerFaults('search the records', () => searchPage(database, filter, page)),
    tally: (request) => withLedgerFaults('count the records', () => tally(database, request)),
    latestOf: (name) => withLedgerFaults(`find board ${name}`, () => summaryOrNull(latest(name))),
    summary: (recordId) => withLedgerFaults(`find record ${recordId}`, () => summaryOrNull(one.get(recordId))),
  }
}

function searchPage(database: Database, filter: LedgerFilter, { limit = 50, before = null }: LedgerPageRequest) {
  const size = Math.min(Math.max(1, Math.trunc(limit)), maxPageSize)
  const conditions = conditionsOf(database, filter)
  const { where, values } = clauseOf(before === null ? conditions : [...conditions, olderThan(before)])
  const rows = database
    .prepare<unknown[], SummaryRow>(`${summaries} ${where} ${newestFirst} LIMIT ?`)
    .all(...values, size + 1)
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return {
    records: shown.map(summaryFrom),
    cursor: last !== undefined && rows.length > size ? `${last.started_at}.${last.number}` : null,
    total: countOf(database, conditions),
  }
}

function countOf(database: Database, conditions: readonly Condition[]): number {
  const { where, values } = clauseOf(conditions)
  const asksClosings = conditions.some(({ sql }) => sql.includes('c.'))
  const from = asksClosings ? joined : 'FROM record AS r'
  return Number(database.prepare(`SELECT count(*) ${from} ${where}`).pluck().get(values))
}

export function clauseOf(conditions: readonly Condition[]): { readonly where: string; readonly values: unknown[] } {
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}`
  return { where, values: conditions.flatMap(({ values }) => values) }
}

function olderThan(cursor: string): Condition {
  const [, startedAt, number] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? []
  if (startedAt === undefined || number === undefined) {
    throw new Fault('CALL_REJECTED', `not a cursor of the ledger: ${JSON.stringify(cursor)}`)
  }
  return { sql: '(r.started_at, r.number) < (?, ?)', values: [Number(startedAt), Number(number)] }
}

function tally(database: Database, { since, simulated = null }: TallyRequest): LedgerTally {
  // A board that was only identified was not judged: counted, it would better the yield.
  const sql = `SELECT outcome, count(*) AS count FROM closing AS c JOIN record AS r ON r.record_id = c.record_id
    WHERE c.ended_at >= ? AND coalesce(r.job, 'flash') <> 'identify' ${simulated === null ? '' : 'AND r.is_simulated = ?'}
    GROUP BY outcome`
  const values = simulated === null ? [since] : [since, simulated ? 1 : 0]
  const rows = database.prepare<number[], { outcome: Outcome; count: number }>(sql).all(...values)
  const counts = outcomes.map((outcome) => [outcome, rows.find((row) => row.outcome === outcome)?.count ?? 0])
  return Object.fromEntries(counts) as LedgerTally
}
