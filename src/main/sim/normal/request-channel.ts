// The control request channel of Device OS: at most four requests at a time, each from INIT over SEND and CHECK to
// RECV, with the stalls and silences of the real one. Knows no request type; the handler given does.
import type { RequestAnswer } from './request-answer.ts'
import { packServiceReply, type ServiceReply, serviceStatus } from './service-reply.ts'

export interface ChannelOptions {
  boardTimeMs(): number
  /** Executes a request. Its effects are immediate, its answer is shown after the answer's duration. */
  handle(type: number, payload: Uint8Array): RequestAnswer
  /** nRF and RTL acknowledge a short SEND before they look at it, and drop it when it does not fit. */
  readonly dropsShortMisfits: boolean
  /** Told of each finished request when its answer is gone, with the time of its handler unless that was flash time. */
  handled?(durationMs: number): void
  /** Told of each CHECK whose answer was not ready. */
  askedEarly?(replyBytes: number): void
}

interface Receiving {
  readonly name: 'receiving'
  readonly readyAtMs: number
  readonly payload: Uint8Array
  receivedBytes: number
}

interface Running {
  readonly name: 'running'
  readonly doneAtMs: number
  readonly answer: RequestAnswer
  sentBytes: number
}

interface ActiveRequest {
  readonly id: number
  readonly type: number
  stage: Receiving | Running
}

const maxActive = 4
/** Payloads up to here have a buffer at once; larger ones are allocated outside the interrupt. */
const interruptBytes = 64
const allocationMs = 1

/** Lives from the start of Device OS to its reset. The three services that reply return packed service replies. */
export class RequestChannel {
  readonly #options: ChannelOptions
  readonly #active = new Map<number, ActiveRequest>()
  #nextId = 1
  /** Handlers run one after the other in the system thread. */
  #freeAtMs = 0

  constructor(options: ChannelOptions) {
    this.#options = options
  }

  init(type: number, payloadBytes: number): Uint8Array {
    if (this.#active.size >= maxActive) return packServiceReply({ status: serviceStatus.busy })
    const id = this.#nextId
    // No guard at the wrap, as in 6.2.0: 0 is given out too.
    this.#nextId = (id + 1) & 0xffff
    const isLarge = payloadBytes > interruptBytes
    const readyAtMs = this.#options.boardTimeMs() + (isLarge ? allocationMs : 0)
    const payload = new Uint8Array(payloadBytes)
    const stage = payloadBytes === 0 ? this.#run(type, payload) : receiving(payload, readyAtMs)
    this.#active.set(id, { id, type, stage })
    return packServiceReply({ status: isLarge ? serviceStatus.pending : serviceStatus.ok, id })
  }

  check(id: number): Uint8Array {
    const request = this.#active.get(id)
    if (!request) return packServiceReply({ status: serviceStatus.notFound })
    const state = this.#stateOf(request.stage)
    if (state.result !== undefined && state.sizeBytes === undefined) this.#end(request)
    const reply = packServiceReply(state)
    if (state.status === serviceStatus.pending) this.#options.askedEarly?.(reply.length)
    return reply
  }

  /** False is a stall. A short chunk that does not fit is acknowledged and dropped where the family does so. */
  send(id: number, chunk: Uint8Array): boolean {
    const isShort = chunk.length > 0 && chunk.length <= interruptBytes
    return this.#take(id, chunk) || (isShort && this.#options.dropsShortMisfits)
  }

  /** The next part of the reply body; null is a stall. The last part ends the request. */
  receive(id: number, wantedBytes: number): Uint8Array | null {
    const request = this.#active.get(id)
    if (request?.stage.name !== 'running' || !this.#isDone(request.stage)) return null
    const { stage } = request
    const left = stage.answer.reply.length - stage.sentBytes
    if (wantedBytes === 0 || wantedBytes > left) return null
    const part = stage.answer.reply.slice(stage.sentBytes, stage.sentBytes + wantedBytes)
    stage.sentBytes += wantedBytes
    if (wantedBytes === left) this.#end(request)
    return part
  }

  /** Cancels one request, or all of them with id 0. */
  reset(id: number): Uint8Array {
    if (id === 0) this.cancelAll()
    else {
      const request = this.#active.get(id)
      if (!request) return packServiceReply({ status: serviceStatus.notFound })
      this.#end(request)
    }
    return packServiceReply({ status: serviceStatus.ok })
  }

  cancelAll(): void {
    for (const request of [...this.#active.values()]) this.#end(request)
  }

  #run(type: number, payload: Uint8Array): Running {
    const answer = this.#options.handle(type, payload)
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#options.boardTimeMs()) + answer.durationMs
    return { name: 'running', doneAtMs: this.#freeAtMs, answer, sentBytes: 0 }
  }

  #isDone(stage: Running): boolean {
    return this.#options.boardTimeMs() >= stage.doneAtMs
  }

  /** What a finished request has promised to do runs now, whether its result was fetched or cancelled. */
  #end(request: ActiveRequest): void {
    this.#active.delete(request.id)
    const { stage } = request
    if (stage.name !== 'running' || !this.#isDone(stage)) return
    if (!stage.answer.isFlashTime) this.#options.handled?.(stage.answer.durationMs)
    const busyMs = stage.answer.followUp?.() ?? 0
    if (busyMs > 0) this.#freeAtMs = Math.max(this.#freeAtMs, this.#options.boardTimeMs()) + busyMs
  }

  #stateOf(stage: Receiving | Running): ServiceReply {
    if (stage.name === 'receiving') {
      const isReady = this.#options.boardTimeMs() >= stage.readyAtMs
      return { status: isReady ? serviceStatus.ok : serviceStatus.pending }
    }
    if (!this.#isDone(stage)) return { status: serviceStatus.pending }
    const { result, reply } = stage.answer
    return { status: serviceStatus.ok, result, ...(reply.length > 0 && { sizeBytes: reply.length }) }
  }

  #take(id: number, chunk: Uint8Array): boolean {
    const request = this.#active.get(id)
    if (request?.stage.name !== 'receiving' || this.#options.boardTimeMs() < request.stage.readyAtMs) return false
    const { stage } = request
    if (chunk.length === 0 || stage.receivedBytes + chunk.length > stage.payload.length) return false
    stage.payload.set(chunk, stage.receivedBytes)
    stage.receivedBytes += chunk.length
    if (stage.receivedBytes === stage.payload.length) request.stage = this.#run(request.type, stage.payload)
    return true
  }
}

function receiving(payload: Uint8Array, readyAtMs: number): Receiving {
  return { name: 'receiving', readyAtMs, payload, receivedBytes: 0 }
}
