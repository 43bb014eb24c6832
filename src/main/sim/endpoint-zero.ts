// Endpoint 0 of one enumeration: one transfer at a time, wire time, NAK while the board works, the host's deadline, and
// the moment the device is gone. It knows time and order; what a request means is the face's affair.
import type { AccountBook } from './account.ts'
import type { ControlAnswer, SimSetup } from './board-parts.ts'
import type { DeviceFace, FaceReply, FaceWork } from './face-reply.ts'
import type { Timeline } from './timeline.ts'
import { wireTimeMs } from './timings.ts'

export interface HostLimits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export type TransferOutcome = ControlAnswer | { readonly kind: 'timeout' } | { readonly kind: 'gone' }

export interface EndpointZero {
  /** Rejects only with the reason of the host's signal. */
  transfer(setup: SimSetup, data: Uint8Array, limits: HostLimits): Promise<TransferOutcome>
  /** The device left the bus: transfers under way end as gone; work under way is finished or interrupted by now. */
  cut(): void
}

interface EndpointOptions {
  readonly timeline: Timeline
  readonly account: AccountBook
  readonly face: DeviceFace
}

interface Limits {
  readonly signal: AbortSignal
  readonly deadlineWallMs: number
}

interface Endpoint extends EndpointOptions {
  readonly gone: AbortController
  /** Settles when the transfers before are done. */
  queue: Promise<unknown>
  /** Until then the board works and answers NAK. */
  freeAtMs: number
  work: FaceWork | null
}

interface Packet {
  readonly setup: SimSetup
  readonly data: Uint8Array
}

const timedOut: TransferOutcome = { kind: 'timeout' }
const goneOutcome: TransferOutcome = { kind: 'gone' }

export function createEndpointZero(options: EndpointOptions): EndpointZero {
  const endpoint: Endpoint = {
    ...options,
    gone: new AbortController(),
    queue: Promise.resolve(),
    freeAtMs: 0,
    work: null,
  }
  return {
    transfer: (setup, data, { signal, timeoutMs }) => {
      const limits = { signal, deadlineWallMs: options.timeline.wallMs() + timeoutMs }
      const outcome = endpoint.queue.then(() => runUnlessGone(endpoint, { setup, data }, limits))
      endpoint.queue = outcome.catch(() => {})
      return outcome
    },
    cut: () => {
      endpoint.gone.abort()
      if (options.timeline.nowMs() >= endpoint.freeAtMs) finishWork(endpoint)
      else endpoint.work?.interrupt()
      endpoint.work = null
    },
  }
}

async function runUnlessGone(endpoint: Endpoint, packet: Packet, limits: Limits): Promise<TransferOutcome> {
  limits.signal.throwIfAborted()
  if (endpoint.gone.signal.aborted) return goneOutcome
  if (endpoint.timeline.wallMs() > limits.deadlineWallMs) return timedOut
  try {
    return await run(endpoint, packet, limits)
  } catch (thrown) {
    if (endpoint.gone.signal.aborted) return goneOutcome
    throw thrown
  }
}

async function run(endpoint: Endpoint, { setup, data }: Packet, limits: Limits): Promise<TransferOutcome> {
  const { timeline, account } = endpoint
  const readyMs = Math.max(timeline.nowMs(), endpoint.freeAtMs)
  const receivedMs = data.length > 0 ? readyMs + wireTimeMs(data.length) : readyMs
  if (receivedMs > timeline.nowMs() && (await until(endpoint, receivedMs, limits)) === 'deadline') return timedOut
  const reply = handle(endpoint, { setup, data })
  if (endpoint.gone.signal.aborted) return goneOutcome
  const bytesIn = reply.answer.kind === 'data' ? reply.answer.data.length : 0
  const endMs = data.length > 0 ? receivedMs : readyMs + wireTimeMs(bytesIn)
  account.time('wireMs', wireTimeMs(data.length + bytesIn))
  endpoint.freeAtMs = endMs
  if (reply.work) startWork(endpoint, reply.work, endMs)
  return statusStage(endpoint, { reply, endMs }, limits)
}

function handle(endpoint: Endpoint, { setup, data }: Packet): FaceReply {
  finishWork(endpoint)
  const reply = endpoint.face.request(setup, data)
  endpoint.account.transfer(setup)
  endpoint.account.bytes('out', data.length)
  endpoint.account.bytes('in', reply.answer.kind === 'data' ? reply.answer.data.length : 0)
  return reply
}

interface Ending {
  readonly reply: FaceReply
  readonly endMs: number
}

/** The end of the transfer as the host sees it; work in the transfer comes before it and may turn it into a stall. */
async function statusStage(endpoint: Endpoint, ending: Ending, limits: Limits): Promise<TransferOutcome> {
  const { answer, work } = ending.reply
  const isInTransfer = work?.when === 'in-transfer'
  const endMs = isInTransfer ? endpoint.freeAtMs : ending.endMs
  const reached = await until(endpoint, answer.kind === 'no-status' ? Number.POSITIVE_INFINITY : endMs, limits)
  if (reached === 'deadline') return timedOut
  return isInTransfer ? (finishWork(endpoint) ?? answer) : answer
}

function startWork(endpoint: Endpoint, work: FaceWork, startMs: number): void {
  endpoint.work = work
  endpoint.freeAtMs = startMs + work.durationMs
  if (work.kind === 'erase') endpoint.account.time('eraseMs', work.durationMs)
  if (work.kind === 'program') endpoint.account.time('programMs', work.durationMs)
}

function finishWork(endpoint: Endpoint): ControlAnswer | null {
  const { work } = endpoint
  endpoint.work = null
  return work?.finish() ?? null
}

function until(endpoint: Endpoint, boardMs: number, limits: Limits): ReturnType<Timeline['pass']> {
  const signals = [endpoint.gone.signal, limits.signal]
  return endpoint.timeline.pass(boardMs, { signals, deadlineWallMs: limits.deadlineWallMs })
}
