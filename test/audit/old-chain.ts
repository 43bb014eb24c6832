// Appends to the chain of a ledger whose version has no images yet. What it gives is held against heads that the software
// of that version gave itself.
import type { Database } from 'better-sqlite3'
import { type ChainRow, type EntryKind, type EntryRows, emptyHead, entryHash } from '../../src/main/audit/hash-chain.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'

export function oldChain(database: Database): (kind: EntryKind, recordId: RecordId) => void {
  const rows = (table: string, recordId: RecordId) =>
    database.prepare(`SELECT * FROM ${table} WHERE record_id = ? ORDER BY 1, 2`).all(recordId) as EntryRows['steps']
  return (kind, recordId) => {
    const last = database.prepare('SELECT * FROM chain ORDER BY sequence DESC LIMIT 1').get() as ChainRow | undefined
    const head = last ?? emptyHead
    const place = { sequence: head.sequence + 1, kind, previous_hash: head.hash }
    const [main = null] = rows(kind === 'open' ? 'record' : 'closing', recordId)
    const parts =
      kind === 'open'
        ? { steps: [], modules: [] }
        : { steps: rows('step', recordId), modules: rows('module', recordId) }
    const hash = entryHash(place, { main, images: [], ...parts })
    database.prepare('INSERT INTO chain VALUES (?, ?, ?, ?, ?)').run(place.sequence, recordId, kind, head.hash, hash)
  }
}
