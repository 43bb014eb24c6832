// The chain that makes a changed ledger visible: each entry hashes the complete rows it speaks of and the hash before
// it. The rows are read back from the tables, so what is hashed is what is stored. It shows tampering by anyone who
// does not recompute all that follows; against that, note the head outside the station.
import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { RecordId } from '../../shared/model/ids.ts'
import { canonicalJson } from './canonical-json.ts'
import type { ChainHead } from './ledger.ts'

export type EntryKind = 'open' | 'close'

export interface ChainRow {
  readonly sequence: number
  readonly record_id: RecordId
  readonly kind: EntryKind
  readonly previous_hash: string
  readonly hash: string
}

type Row = Readonly<Record<string, string | number | null>>

/** All rows of one entry; a missing record or closing is null. */
export interface EntryRows {
  readonly main: Row | null
  readonly steps: readonly Row[]
  readonly modules: readonly Row[]
  readonly images: readonly Row[]
}

export const emptyHead: ChainHead = { sequence: 0, hash: '0'.repeat(64) }

/** Reads what an entry speaks of. */
export function entryReader(database: Database): (kind: EntryKind, recordId: RecordId) => EntryRows {
  const record = database.prepare<[string], Row>('SELECT * FROM record WHERE record_id = ?')
  const closing = database.prepare<[string], Row>('SELECT * FROM closing WHERE record_id = ?')
  const steps = database.prepare<[string], Row>('SELECT * FROM step WHERE record_id = ? ORDER BY position')
  const modules = database.prepare<[string], Row>('SELECT * FROM module WHERE record_id = ? ORDER BY position')
  const images = database.prepare<[string], Row>('SELECT * FROM image WHERE record_id = ? ORDER BY position')
  return (kind, id) =>
    kind === 'open'
      ? { main: record.get(id) ?? null, steps: [], modules: [], images: [] }
      : { main: closing.get(id) ?? null, steps: steps.all(id), modules: modules.all(id), images: images.all(id) }
}

/** SHA-256 of the canonical JSON of the entry, its place in the chain and the hash before it. No images: no list. */
export function entryHash(place: Pick<ChainRow, 'sequence' | 'kind' | 'previous_hash'>, rows: EntryRows): string {
  const { main, steps, modules } = rows
  const images = rows.images.length === 0 ? null : rows.images
  const { sequence, kind, previous_hash } = place
  const parts = kind === 'open' ? { record: main } : { closing: main, steps, modules, images }
  return createHash('sha256')
    .update(canonicalJson({ sequence, kind, previous_hash, ...parts }))
    .digest('hex')
}

/** Appends an entry for rows that are already in the tables; to be called in the transaction that wrote them. */
export function chainAppender(database: Database): (kind: EntryKind, recordId: RecordId) => void {
  const readRows = entryReader(database)
  const last = database.prepare<[], ChainHead>('SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1')
  const insert = database.prepare(
    `INSERT INTO chain (sequence, record_id, kind, previous_hash, hash)
     VALUES (@sequence, @record_id, @kind, @previous_hash, @hash)`,
  )
  return (kind, recordId) => {
    const head = last.get() ?? emptyHead
    const place = { sequence: head.sequence + 1, kind, previous_hash: head.hash }
    insert.run({ ...place, record_id: recordId, hash: entryHash(place, readRows(kind, recordId)) })
  }
}
