// The language of the DFU machine: what it asks (DfuAsk), what it is answered (DfuReply), and the few leaf generators
// that narrow an answer once. Everything above composes these with yield*. No I/O, no time: drive.ts has both.
import type { Fault } from '../../../shared/fault/fault.ts'
import { type DfuStatus, parseStatus } from './status.ts'

/** News from inside an operation: these bytes are erased, written or read now. */
export interface DfuNews {
  readonly kind: 'erased' | 'written' | 'read'
  readonly address: number
  readonly sizeBytes: number
}

/** One control transfer to the board. */
export type DfuRequest =
  | {
      readonly kind: 'send'
      readonly request: 'DNLOAD' | 'CLRSTATUS' | 'ABORT' | 'DETACH'
      /** wValue: for DETACH the time within which a bus reset has to follow, in ms. */
      readonly block: number
      readonly data: Uint8Array
      readonly timeoutMs: number
    }
  | { readonly kind: 'read'; readonly block: number; readonly lengthBytes: number; readonly timeoutMs: number }
  | { readonly kind: 'status'; readonly timeoutMs: number }

export type DfuAsk =
  | DfuRequest
  /** Puts a request behind those under way and is answered at once: endpoint 0 takes them in their order. */
  | { readonly kind: 'begin'; readonly request: DfuRequest }
  /** Is answered what the oldest of those begun was answered. */
  | { readonly kind: 'end' }
  | { readonly kind: 'select'; readonly alternate: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** What a monotonic clock reads: asked for only where a board makes us wait. */
  | { readonly kind: 'time' }
  | { readonly kind: 'report'; readonly news: DfuNews }

/** lost: no answer ever came (gone, timed out). */
export type DfuReply =
  | { readonly kind: 'done' }
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'lost'; readonly fault: Fault }
  | { readonly kind: 'time'; readonly atMs: number }

export type Dfu<T> = Generator<DfuAsk, T, DfuReply>

/** Outcome of an OUT request. */
export type Sent = Exclude<DfuReply, { kind: 'data' | 'time' }>
/** Outcome of GETSTATUS, with the six bytes parsed. */
export type Told =
  | { readonly kind: 'status'; readonly status: DfuStatus }
  | Exclude<DfuReply, { kind: 'data' | 'done' | 'time' }>

const noData = new Uint8Array(0)

/** DNLOAD of one block: a DfuSe command (block 0) or memory (blocks from 2). */
export function* sendBlock(block: number, data: Uint8Array, timeoutMs: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'send', request: 'DNLOAD', block, data, timeoutMs })
}

/** CLRSTATUS or ABORT. */
export function* sendBare(request: 'CLRSTATUS' | 'ABORT', timeoutMs: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'send', request, block: 0, data: noData, timeoutMs })
}

/** GETSTATUS. Throws DFU_PROTOCOL when the reply has another length. */
export function* askStatus(timeoutMs: number): Dfu<Told> {
  return toldFrom(yield { kind: 'status', timeoutMs })
}

/** DFU_DETACH (USB DFU 1.1, section 5.1). */
export function* sendDetach(detachTimeoutMs: number, timeoutMs: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'send', request: 'DETACH', block: detachTimeoutMs, data: noData, timeoutMs })
}

export function* begin(request: DfuRequest): Dfu<void> {
  yield { kind: 'begin', request }
}

/** What became of the oldest request begun: an OUT request here, a GETSTATUS or an UPLOAD below. */
export function* endSent(): Dfu<Sent> {
  return sentFrom(yield { kind: 'end' })
}

/** Throws DFU_PROTOCOL as askStatus does. */
export function* endTold(): Dfu<Told> {
  return toldFrom(yield { kind: 'end' })
}

export function* endRead(): Dfu<DfuReply> {
  return yield { kind: 'end' }
}

/** SET_INTERFACE: chooses the memory. */
export function* select(alternate: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'select', alternate })
}

export function* wait(ms: number): Dfu<void> {
  yield { kind: 'wait', ms }
}

/** Milliseconds of a monotonic clock. */
export function* timeNow(): Dfu<number> {
  const reply = yield { kind: 'time' }
  return reply.kind === 'time' ? reply.atMs : 0
}

export function* report(news: DfuNews): Dfu<void> {
  yield { kind: 'report', news }
}

function sentFrom(reply: DfuReply): Sent {
  return reply.kind === 'data' || reply.kind === 'time' ? { kind: 'done' } : reply
}

function toldFrom(reply: DfuReply): Told {
  if (reply.kind === 'stalled' || reply.kind === 'lost') return reply
  return { kind: 'status', status: parseStatus(reply.kind === 'data' ? reply.data : noData) }
}
