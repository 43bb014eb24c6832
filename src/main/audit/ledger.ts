// What the ledger offers: writing records, finding them, giving them out and proving that nobody changed them.
// Only types live here, so that everybody can write against them; open-ledger.ts makes the object.
import type { FaultReport } from '../../shared/fault/fault.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { JobKind } from '../../shared/model/recipe.ts'
import type { LedgerRecord, Outcome, RecordClosing, RecordOpening, RecordSummary } from '../../shared/model/record.ts'

/** Which records; a field that is absent or null lets all through. A RecordFilter of the contract fits. */
export interface LedgerFilter {
  /**
   * Device ID, ICCID, IMEI, serial number, record ID or port path; of a DFU device its "vid:pid", product name or a word
   * of it, and GUIDs, before and after the job: whole, start or end, in any case. Of several words only the first
   * counts: scanners give "serial SPACE secret", and the secret is none of our business.
   */
  readonly text?: string | null
  readonly outcome?: Outcome | 'open' | null
  readonly platform?: string | null
  /** Bounds of the start of the job, milliseconds UTC, both inclusive. */
  readonly from?: number | null
  readonly to?: number | null
  /** Exact name of the recipe. */
  readonly recipe?: string | null
  readonly simulated?: boolean | null
  readonly job?: JobKind | null
}

export interface LedgerPageRequest {
  /** Default 50; at least 1, at most 1000. */
  readonly limit?: number
  /** The cursor of the page before: the records that follow it, older ones. A cursor that is none: CALL_REJECTED. */
  readonly before?: string | null
}

/** Newest first. Records that are added later never move what a cursor points at. */
export interface LedgerPage {
  readonly records: readonly RecordSummary[]
  /** Give it back as `before` for the next, older page; null at the end. */
  readonly cursor: string | null
  /** How many records the filter lets through in all. */
  readonly total: number
}

/** Closed records by outcome; a BenchTally by shape. */
export type LedgerTally = Readonly<Record<Outcome, number>>

export interface TallyRequest {
  /** Milliseconds UTC: records that closed then or later. */
  readonly since: number
  readonly simulated?: boolean | null
}

export type ProblemKind = 'changed' | 'missing' | 'inserted' | 'reordered' | 'unreadable'
export type LedgerTable = 'record' | 'closing' | 'step' | 'module' | 'image' | 'chain' | 'file'

export interface LedgerProblem {
  readonly kind: ProblemKind
  /** Where the damage lies, as near as it can be told. */
  readonly table: LedgerTable
  readonly recordId: RecordId | null
  /** Position in the chain, from 1; null for rows that no entry of the chain speaks of. */
  readonly sequence: number | null
  /** One line for people: what is damaged and how. */
  readonly detail: string
}

/** The end of the chain. Noted outside the station, it later proves that nothing was cut off the end. */
export interface ChainHead {
  /** 0 for an empty ledger. */
  readonly sequence: number
  readonly hash: string
}

export interface LedgerVerdict {
  readonly ok: boolean
  readonly records: number
  readonly head: ChainHead
  /** In the order of the chain, at most 100. */
  readonly problems: readonly LedgerProblem[]
}

export interface VerifyRequest {
  readonly signal?: AbortSignal
  /** A head that was noted earlier: the chain must still pass through it. */
  readonly noted?: ChainHead
}

/** A ledger open for reading; works while a station writes it. Everything that fails is a Fault (LEDGER_*). */
export interface LedgerReader {
  readonly file: string
  record(recordId: string): LedgerRecord | null
  search(filter: LedgerFilter, page?: LedgerPageRequest): LedgerPage
  tally(request: TallyRequest): LedgerTally
  /** The last visit of a board, by its name as board-name.ts makes it, for real or simulated. */
  latestOf(name: string): RecordSummary | null
  /** Text chunks, oldest record first, as the ledger stood when reading began; bounded memory. */
  exportCsv(filter: LedgerFilter): AsyncIterable<string>
  exportJsonLines(filter: LedgerFilter): AsyncIterable<string>
  verify(request?: VerifyRequest): Promise<LedgerVerdict>
  /** Harmless when done twice. */
  [Symbol.dispose](): void
}

/** The one ledger a station writes. Every write is on the disk when the call returns, or it throws and left nothing. */
export interface Ledger extends LedgerReader {
  /** Throws RECIPE_LIMIT_REACHED or RECIPE_EXPIRED, too, when the recipe forbids one more board. */
  openRecord(opening: RecordOpening): RecordId
  /** Outcome, steps, modules and images in one transaction. A second closing of a record is refused (INTERNAL). */
  closeRecord(closing: RecordClosing): void
  /** Closes every open record as interrupted by this fault; returns them, oldest first. */
  closeInterrupted(fault: FaultReport): readonly RecordSummary[]
  /** The station's RecordSink. */
  readonly sink: {
    open(opening: RecordOpening): Promise<RecordId>
    close(closing: RecordClosing): Promise<void>
  }
}

export interface LedgerOptions {
  /** Path of the database, or ':memory:' for a ledger that dies with the process. */
  readonly file: string
  readonly stationId: string
  readonly softwareVersion: string
  /** Milliseconds UTC; a Clock fits. */
  readonly clock: { now(): number }
}
