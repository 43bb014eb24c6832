// The vendor request protocol of Device OS on endpoint 0: INIT, SEND, CHECK, RECV, RESET (usb_control_request_channel).
// One call is one request from INIT to the last byte of its reply, with a deadline. It must not know what requests mean.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { RequestType } from './request-types.ts'
import { resultCodes, resultName } from './result-codes.ts'
import { parseServiceReply, type ServiceReply } from './service-reply.ts'

/** An open device in normal mode, with what every wait needs. */
export interface RequestLink {
  readonly device: UsbDevice
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface RequestResult {
  /** Zero or positive; negative codes are in result-codes.ts. */
  readonly result: number
  readonly body: Uint8Array
}

const services = { init: 1, check: 2, send: 3, recv: 4, reset: 5 } as const
const vendorIn = 0xc0
const vendorOut = 0x40
/** INIT, CHECK and RESET stall at any other wLength. */
const serviceReplyBytes = 64
/** Largest piece of a payload or of a reply in one transfer. */
const largestChunkBytes = 4096
const transferTimeoutMs = 5_000
/** The board is asked again when so much more time has passed: an answer is found late by a fifth of its time at most. */
const pauseShare = 1 / 4
/** A CHECK costs the board a list lookup in an interrupt. */
const shortestPauseMs = 1
const longestPauseMs = 50
/** Best effort, after a failure that has taken its own time: with the cancel of an update still within a tenth of it. */
const resetTimeoutMs = 100
/** A board may acknowledge a payload and drop it: then it waits for it for ever. */
const mostIdleMs = 1_500

const noPayload = new Uint8Array(0)

/**
 * Sends a request and gives its reply body. Throws CONTROL_REQUEST_FAILED with the code's name, DEVICE_PROTECTED for
 * -1801, USB_TIMEOUT past the deadline, USB_* of the seam, JOB_ABORTED.
 */
export async function controlRequest(
  link: RequestLink,
  type: RequestType,
  payload: Uint8Array = noPayload,
): Promise<Uint8Array> {
  const { result, body } = await exchange(link, type, payload)
  if (result < 0) throw resultFault(type, result)
  return body
}

export function resultFault(type: RequestType, result: number): Fault {
  const code = result === resultCodes.protectedMode ? 'DEVICE_PROTECTED' : 'CONTROL_REQUEST_FAILED'
  return new Fault(code, `${type.name}: ${resultName(result)}`)
}

/** Like controlRequest, but leaves the judgement of the result code to the caller; a failed request has no body. */
export async function exchange(
  link: RequestLink,
  type: RequestType,
  payload: Uint8Array = noPayload,
): Promise<RequestResult> {
  const call = new Call(link, type)
  const started = await call.init(payload.length)
  try {
    if (payload.length > 0) await call.send(started, payload)
    const { result, sizeBytes } = await call.finish(started.id)
    const body = sizeBytes > 0 ? await call.receive(started.id, sizeBytes) : noPayload
    return { result, body }
  } catch (thrown) {
    await call.drop(started.id, thrown)
    throw thrown
  }
}

interface Started {
  readonly id: number
  readonly isPending: boolean
}

/** One request in flight: its deadline and its transfers. */
class Call {
  readonly #link: RequestLink
  readonly #type: RequestType
  readonly #deadline: number

  constructor(link: RequestLink, type: RequestType) {
    this.#link = link
    this.#type = type
    this.#deadline = link.clock.monotonic() + type.timeoutMs
  }

  /** INIT; a board with four requests under way, or short of memory, is asked again. */
  async init(payloadBytes: number): Promise<Started> {
    const startedMs = this.#link.clock.monotonic()
    for (;;) {
      const reply = await this.#service(services.init, { value: payloadBytes, index: this.#type.type })
      if (reply.status === 'ok' || reply.status === 'pending') {
        if (reply.id === null) throw this.#failed('INIT gave no request id')
        return { id: reply.id, isPending: reply.status === 'pending' }
      }
      if (reply.status !== 'busy' && reply.status !== 'noMemory') throw this.#refused('INIT', reply)
      await this.#pause(startedMs, `the board stays ${reply.status}`)
    }
  }

  async send(started: Started, payload: Uint8Array): Promise<void> {
    if (started.isPending) await this.#check(started.id, () => true)
    for (let at = 0; at < payload.length; at += largestChunkBytes) {
      const chunk = payload.subarray(at, at + largestChunkBytes)
      const setup = { requestType: vendorOut, request: services.send, value: 0, index: started.id }
      await this.#link.device.controlOut(setup, chunk, this.#options())
    }
  }

  /** CHECK until the handler has run. OK without a result means that the board still waits for the payload. */
  async finish(id: number): Promise<{ result: number; sizeBytes: number }> {
    const { clock } = this.#link
    const startedMs = clock.monotonic()
    const isOver = () => clock.monotonic() - startedMs >= mostIdleMs
    const { result, sizeBytes } = await this.#check(id, (reply) => reply.result !== null || isOver())
    if (result === null) throw this.#failed('the board did not take the payload')
    return { result, sizeBytes }
  }

  async receive(id: number, sizeBytes: number): Promise<Uint8Array> {
    const body = new Uint8Array(sizeBytes)
    for (let at = 0; at < sizeBytes; ) {
      const wanted = Math.min(largestChunkBytes, sizeBytes - at)
      const setup = { requestType: vendorIn, request: services.recv, value: 0, index: id }
      const bytes = await this.#link.device.controlIn(setup, wanted, this.#options())
      if (bytes.length !== wanted) throw this.#failed(`RECV gave ${bytes.length} of ${wanted} bytes`)
      body.set(bytes, at)
      at += wanted
    }
    return body
  }

  /** RESET of a request that will not be finished, so that it does not keep one of the board's four places. */
  async drop(id: number, reason: unknown): Promise<void> {
    if (reason instanceof Fault && reason.code === 'USB_GONE') return
    const options = { timeoutMs: resetTimeoutMs, signal: new AbortController().signal }
    const setup = { requestType: vendorIn, request: services.reset, value: 0, index: id }
    // The reason is what the caller must hear of; a board that does not even take the RESET adds nothing to it.
    await this.#link.device.controlIn(setup, serviceReplyBytes, options).catch(() => undefined)
  }

  async #check(id: number, isEnough: (reply: ServiceReply) => boolean): Promise<ServiceReply> {
    const startedMs = this.#link.clock.monotonic()
    for (;;) {
      await this.#pause(startedMs, 'no result')
      const reply = await this.#service(services.check, { value: 0, index: id })
      if (reply.status !== 'ok' && reply.status !== 'pending') throw this.#refused('CHECK', reply)
      if (reply.status === 'ok' && isEnough(reply)) return reply
    }
  }

  async #service(request: number, fields: { value: number; index: number }): Promise<ServiceReply> {
    const setup = { requestType: vendorIn, request, ...fields }
    return parseServiceReply(await this.#link.device.controlIn(setup, serviceReplyBytes, this.#options()))
  }

  #options() {
    const remainingMs = this.#deadline - this.#link.clock.monotonic()
    return { timeoutMs: Math.max(1, Math.min(transferTimeoutMs, remainingMs)), signal: this.#link.signal }
  }

  async #pause(startedMs: number, complaint: string): Promise<void> {
    const { clock, signal } = this.#link
    const nowMs = clock.monotonic()
    const remainingMs = this.#deadline - nowMs
    if (remainingMs <= 0)
      throw new Fault('USB_TIMEOUT', `${this.#type.name}: ${complaint} in ${this.#type.timeoutMs} ms`)
    const pauseMs = Math.max(shortestPauseMs, Math.min(longestPauseMs, (nowMs - startedMs) * pauseShare))
    await clock.sleep(Math.min(pauseMs, remainingMs), signal).catch((thrown) => {
      throw signal.reason instanceof Fault
        ? signal.reason
        : new Fault('JOB_ABORTED', this.#type.name, { cause: thrown })
    })
  }

  #refused(service: string, reply: ServiceReply): Fault {
    if (reply.result !== null && reply.result < 0) return resultFault(this.#type, reply.result)
    return this.#failed(`${service} answered ${reply.status}`)
  }

  #failed(what: string): Fault {
    return new Fault('CONTROL_REQUEST_FAILED', `${this.#type.name}: ${what}`)
  }
}
