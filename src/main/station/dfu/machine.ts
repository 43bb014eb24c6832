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

export type DfuAsk =
  | {
      readonly kind: 'send'
      readonly request: 'DNLOAD' | 'CLRSTATUS' | 'ABORT'
      readonly block: number
      readonly data: Uint8Array
      readonly timeoutMs: number
    }
  | { readonly kind: 'read'; readonly block: number; readonly lengthBytes: number; readonly timeoutMs: number }
  | { readonly kind: 'status'; readonly timeoutMs: number }
  | { readonly kind: 'select'; readonly alternate: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'report'; readonly news: DfuNews }

/** `atMs` is a monotonic clock's reading when the answer came. lost: no answer ever came (gone, timed out). */
export type DfuReply =
  | { readonly kind: 'done'; readonly atMs: number }
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly atMs: number }
  | { readonly kind: 'stalled'; readonly atMs: number }
  | { readonly kind: 'lost'; readonly fault: Fault }

export type Dfu<T> = Generator<DfuAsk, T, DfuReply>

/** Outcome of an OUT request or of a wait. */
export type Sent = Exclude<DfuReply, { kind: 'data' }>
/** Outcome of GETSTATUS, with the six bytes parsed. */
export type Told =
  | { readonly kind: 'status'; readonly status: DfuStatus; readonly atMs: number }
  | Exclude<DfuReply, { kind: 'data' | 'done' }>

const noData = new Uint8Array(0)

/** DNLOAD of one block: a DfuSe command (block 0) or memory (blocks from 2). */
export function* sendBlock(block: number, data: Uint8Array, timeoutMs: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'send', request: 'DNLOAD', block, data, timeoutMs })
}

/** CLRSTATUS or ABORT. */
export function* sendBare(request: 'CLRSTATUS' | 'ABORT', timeoutMs: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'send', request, block: 0, data: noData, timeoutMs })
}

/** UPLOAD of one block: the bytes, or why there are none. */
export function* readBlock(block: number, lengthBytes: number, timeoutMs: number): Dfu<DfuReply> {
  return yield { kind: 'read', block, lengthBytes, timeoutMs }
}

/** GETSTATUS. Throws DFU_PROTOCOL when the reply has another length. */
export function* askStatus(timeoutMs: number): Dfu<Told> {
  const reply = yield { kind: 'status', timeoutMs }
  if (reply.kind === 'stalled' || reply.kind === 'lost') return reply
  const data = reply.kind === 'data' ? reply.data : noData
  return { kind: 'status', status: parseStatus(data), atMs: reply.atMs }
}

/** SET_INTERFACE: chooses the memory. */
export function* select(alternate: number): Dfu<Sent> {
  return sentFrom(yield { kind: 'select', alternate })
}

export function* wait(ms: number): Dfu<void> {
  yield { kind: 'wait', ms }
}

export function* report(news: DfuNews): Dfu<void> {
  yield { kind: 'report', news }
}

function sentFrom(reply: DfuReply): Sent {
  return reply.kind === 'data' ? { kind: 'done', atMs: reply.atMs } : reply
}
