// Proves a ledger from its rows: walks the chain from its first entry, hashes again every row each entry speaks of,
// and looks for rows that no entry speaks of. Reads a snapshot, so it works while the station writes.
import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { RecordId } from '../../shared/model/ids.ts'
import { type ChainRow, emptyHead, entryReader } from './hash-chain.ts'
import type { ChainHead, LedgerProblem, LedgerTable, LedgerVerdict, VerifyRequest } from './ledger.ts'
import { ledgerFault } from './ledger-faults.ts'
import { openSnapshot, quickCheck } from './open-database.ts'
import { damageOf, type LinkState, linkProblem } from './verify-entry.ts'

const maxProblems = 100
/** Entries between two turns of the event loop. */
const entriesPerTurn = 200

/** Problems in the order of the chain; SQLite's own damage is one of them. Rejects when aborted. */
export async function verifyLedger(database: Database, request: VerifyRequest = {}): Promise<LedgerVerdict> {
  const snapshot = openSnapshot(database)
  const problems: LedgerProblem[] = []
  const report = (problem: LedgerProblem) => {
    if (problems.length < maxProblems) problems.push(problem)
  }
  let facts = { records: 0, head: emptyHead }
  try {
    facts = factsOf(snapshot)
    const finding = quickCheck(snapshot)
    if (finding !== null) report(fileProblem(finding))
    await walkChain(snapshot, request, report)
    for (const stray of strays(snapshot)) report(stray)
  } catch (thrown) {
    request.signal?.throwIfAborted()
    const fault = ledgerFault(thrown, 'verify')
    if (fault.code !== 'LEDGER_DAMAGED') throw fault
    report(fileProblem(fault.detail))
  } finally {
    snapshot.close()
  }
  return { ok: problems.length === 0, ...facts, problems }
}

function factsOf(database: Database): { readonly records: number; readonly head: ChainHead } {
  const head = database.prepare<[], ChainHead>('SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1').get()
  const records = Number(database.prepare('SELECT count(*) FROM record').pluck().get())
  return { records, head: head ?? emptyHead }
}

function fileProblem(detail: string): LedgerProblem {
  return { kind: 'unreadable', table: 'file', recordId: null, sequence: null, detail }
}

async function walkChain(
  database: Database,
  { signal, noted }: VerifyRequest,
  report: (problem: LedgerProblem) => void,
): Promise<void> {
  const readRows = entryReader(database)
  const placeOf = database.prepare<[string], number>('SELECT sequence FROM chain WHERE hash = ?').pluck()
  let link: LinkState = { sequence: 0, hash: emptyHead.hash, before: null }
  let metNoted = noted === undefined || noted.sequence === 0
  for (const entry of database.prepare<[], ChainRow>('SELECT * FROM chain ORDER BY sequence').iterate()) {
    const broken = linkProblem(entry, link, (hash) => placeOf.get(hash) ?? null)
    const damage = broken ?? damageOf(entry, readRows(entry.kind, entry.record_id))
    if (damage !== null) report(damage)
    if (entry.sequence === noted?.sequence) metNoted = entry.hash === noted.hash
    link = { sequence: entry.sequence, hash: entry.hash, before: link.hash }
    if (entry.sequence % entriesPerTurn === 0) await setImmediate()
    signal?.throwIfAborted()
  }
  if (!metNoted && noted) report(notMet(noted))
}

function notMet({ sequence }: ChainHead): LedgerProblem {
  const detail = `the chain no longer passes through the head that was noted at entry ${sequence}`
  return { kind: 'missing', table: 'chain', recordId: null, sequence, detail }
}

/** Rows that no entry of the chain speaks of. Steps, modules and images of a closing are counted with its entry. */
const strayQueries: readonly (readonly [LedgerTable, string])[] = [
  ['record', "SELECT record_id FROM record EXCEPT SELECT record_id FROM chain WHERE kind = 'open'"],
  ['closing', "SELECT record_id FROM closing EXCEPT SELECT record_id FROM chain WHERE kind = 'close'"],
  ['step', "SELECT record_id FROM step EXCEPT SELECT record_id FROM chain WHERE kind = 'close'"],
  ['module', "SELECT record_id FROM module EXCEPT SELECT record_id FROM chain WHERE kind = 'close'"],
  ['image', "SELECT record_id FROM image EXCEPT SELECT record_id FROM chain WHERE kind = 'close'"],
]

function strays(database: Database): readonly LedgerProblem[] {
  return strayQueries.flatMap(([table, sql]) =>
    database
      .prepare<[], RecordId>(`${sql} LIMIT ${maxProblems}`)
      .pluck()
      .all()
      .map((recordId): LedgerProblem => {
        const detail = `a row of ${table} for record ${recordId} was inserted: the chain does not speak of it`
        return { kind: 'inserted', table, recordId, sequence: null, detail }
      }),
  )
}
