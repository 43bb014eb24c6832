// Judges one entry of the chain: does it follow the one before, and do the rows it speaks of still have its hash?
// Pure: rows in, the problem out.
import { type ChainRow, type EntryRows, entryHash } from './hash-chain.ts'
import type { LedgerProblem, LedgerTable, ProblemKind } from './ledger.ts'

/** The entry before: its place, its hash, and the hash that it followed. */
export interface LinkState {
  readonly sequence: number
  readonly hash: string
  readonly before: string | null
}

interface Damage {
  readonly kind: ProblemKind
  readonly table: LedgerTable
  readonly detail: string
}

/** Null when the entry follows the one before; `placeOf` finds the entry that has a hash. */
export function linkProblem(
  entry: ChainRow,
  link: LinkState,
  placeOf: (hash: string) => number | null,
): LedgerProblem | null {
  const damage = brokenLink(entry, link, placeOf)
  return damage === null ? null : problemOf(entry, damage)
}

function brokenLink(entry: ChainRow, link: LinkState, placeOf: (hash: string) => number | null): Damage | null {
  const due = link.sequence + 1
  if (entry.sequence !== due) {
    const detail = `entries ${due} to ${entry.sequence - 1} of the chain are missing`
    return { kind: 'missing', table: 'chain', detail }
  }
  if (entry.previous_hash === link.hash) return null
  if (entry.previous_hash === link.before) {
    return { kind: 'inserted', table: 'chain', detail: `an entry was inserted before entry ${entry.sequence}` }
  }
  const place = placeOf(entry.previous_hash)
  return place === null
    ? {
        kind: 'missing',
        table: 'chain',
        detail: `the entry that entry ${entry.sequence} follows is missing or changed`,
      }
    : { kind: 'reordered', table: 'chain', detail: `entry ${entry.sequence} belongs behind entry ${place}` }
}

/** Null when the rows are all there and have the hash of their entry. */
export function damageOf(entry: ChainRow, rows: EntryRows): LedgerProblem | null {
  const main = entry.kind === 'open' ? 'record' : 'closing'
  if (rows.main === null) return problemOf(entry, { kind: 'missing', table: main, detail: `the ${main} is missing` })
  const counted =
    miscount('step', rows.steps.length, rows.main['step_count']) ??
    miscount('module', rows.modules.length, rows.main['module_count']) ??
    miscount('image', rows.images.length, rows.main['image_count'] ?? 0)
  if (entry.kind === 'close' && counted !== null) return problemOf(entry, counted)
  if (entryHash(entry, rows) === entry.hash) return null
  const what =
    entry.kind === 'open' ? 'the record was changed' : 'the closing, a step, a module or an image of it was changed'
  return problemOf(entry, { kind: 'changed', table: main, detail: `${what}, or its entry` })
}

function miscount(
  table: 'step' | 'module' | 'image',
  count: number,
  due: string | number | null | undefined,
): Damage | null {
  if (count === due) return null
  const kind = count < Number(due) ? 'missing' : 'inserted'
  return { kind, table, detail: `a ${table} is ${kind}: ${count} where the closing counts ${due}` }
}

function problemOf(entry: ChainRow, { kind, table, detail }: Damage): LedgerProblem {
  const place = `entry ${entry.sequence}, record ${entry.record_id}`
  return { kind, table, recordId: entry.record_id, sequence: entry.sequence, detail: `${place}: ${detail}` }
}
