// Serves one device over one connection: takes URB commands off the stream, lets the device work on them side by side,
// answers each once. What the other side does wrong ends this connection and nothing else.
import type { Duplex } from 'node:stream'
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../../station/ports.ts'
import type { ControlAnswer } from '../board-parts.ts'
import type { ServedDevice } from './served-device.ts'
import {
  readUrbCommand,
  submitAnswer,
  type UrbCommand,
  type UrbSubmit,
  unlinkAnswer,
  urbStatus,
} from './urb-messages.ts'

export interface UrbService {
  readonly device: ServedDevice
  /** Bus number and device number of the import, as every command must carry them. */
  readonly deviceId: number
  readonly clock: Clock
  /** What came on the stream already. */
  readonly received?: Buffer
}

/** A host has a few transfers pending for each endpoint; thousands are no host. */
const mostPending = 1024

interface Pending {
  readonly command: UrbSubmit
  /** The host gave the transfer up, or is gone. */
  readonly givenUp: AbortController
}

interface Serving extends UrbService {
  readonly stream: Duplex
  /** By sequence. */
  readonly pending: Map<number, Pending>
  /** The device has left its bus. */
  hasLeft: boolean
  /** When the host last asked for anything, by the clock. */
  askedAtMs: number
}

export interface ServedUrbs {
  /** Resolves when the stream is closed: with why it was this side that refused to go on, else null. Never rejects. */
  readonly ended: Promise<Fault | null>
  /** The device left its bus: what is pending ends so, and then the stream. */
  leave(): void
}

/** Serves until the stream closes. */
export function serveUrbs(stream: Duplex, service: UrbService): ServedUrbs {
  const serving: Serving = { ...service, stream, pending: new Map(), hasLeft: false, askedAtMs: 0 }
  const ended = Promise.withResolvers<Fault | null>()
  let received: Buffer = service.received ?? Buffer.alloc(0)
  let reason: Fault | null = null
  const refuse = (thrown: unknown) => {
    reason ??= asFault(thrown)
    stream.destroy()
  }
  const take = () => {
    try {
      for (let next = readUrbCommand(received); next !== null; next = readUrbCommand(received)) {
        received = received.subarray(next.sizeBytes)
        obey(serving, next.command, refuse)
      }
    } catch (thrown) {
      refuse(thrown)
    }
    // A host that does not read its answers gets no more of them made.
    if (stream.writableNeedDrain) stream.pause()
  }
  // An error of the connection is its end, no more: "close" follows.
  stream.on('error', () => undefined)
  stream.on('drain', () => stream.resume())
  stream.on('data', (chunk: Buffer) => {
    received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk
    take()
  })
  // Who says nothing more has pulled the cable.
  stream.once('end', () => stream.destroy())
  stream.once('close', () => {
    for (const { givenUp } of serving.pending.values()) givenUp.abort()
    ended.resolve(reason)
  })
  take()
  return { ended: ended.promise, leave: () => void leave(serving) }
}

/** A host that asks nothing for so long has noticed, or has nothing to ask. */
const quietMs = 10
const mostLeavingMs = 250

/**
 * Everything that is pending, or comes while the host has not noticed yet, is answered "gone", as a real controller does
 * until its hub tells. For a transfer that a closed connection swallows, the kernel waits as long as that transfer may
 * take: 5 s for its own, and with it every device behind that controller.
 */
async function leave(serving: Serving): Promise<void> {
  const { stream, pending, clock } = serving
  if (serving.hasLeft || stream.destroyed) return
  serving.hasLeft = true
  for (const { command } of pending.values()) stream.write(goneAnswer(command))
  pending.clear()
  const leftAtMs = clock.monotonic()
  serving.askedAtMs = leftAtMs
  const closed = new AbortController()
  stream.once('close', () => closed.abort())
  while (!stream.destroyed && clock.monotonic() < Math.min(serving.askedAtMs + quietMs, leftAtMs + mostLeavingMs)) {
    await clock.sleep(1, closed.signal).catch(() => undefined)
  }
  stream.end(() => stream.destroy())
}

function goneAnswer(command: UrbSubmit): Buffer {
  return submitAnswer(command, { status: urbStatus.gone, movedBytes: 0 })
}

function obey(serving: Serving, command: UrbCommand, refuse: (thrown: unknown) => void): void {
  const { pending, stream } = serving
  if (stream.writableEnded || stream.destroyed) return
  if (command.deviceId !== serving.deviceId) throw refusal(`device ${command.deviceId}, not ${serving.deviceId}`)
  if (command.kind === 'unlink') {
    const request = pending.get(command.target)
    pending.delete(command.target)
    stream.write(unlinkAnswer(command, request !== undefined))
    request?.givenUp.abort()
    return
  }
  if (pending.has(command.sequence)) throw refusal(`sequence ${command.sequence} is pending already`)
  if (pending.size >= mostPending) throw refusal(`more than ${mostPending} transfers pending`)
  if (serving.hasLeft) {
    serving.askedAtMs = serving.clock.monotonic()
    stream.write(goneAnswer(command))
    return
  }
  const givenUp = new AbortController()
  pending.set(command.sequence, { command, givenUp })
  const answer = answerSubmit(serving.device, command, givenUp.signal)
  if (answer instanceof Promise) answer.then((bytes) => finish(serving, command, bytes)).catch(refuse)
  else finish(serving, command, answer)
}

/** null: the transfer stays pending until the host gives it up. */
function finish({ pending, stream }: Serving, { sequence }: UrbSubmit, answer: Buffer | null): void {
  if (answer === null || stream.destroyed || !pending.delete(sequence)) return
  // Answers of one turn go out in one piece, as a host controller tells of several transfers by one interrupt.
  if (stream.writableCorked === 0) {
    stream.cork()
    setImmediate(() => stream.uncork())
  }
  stream.write(answer)
}

function answerSubmit(
  device: ServedDevice,
  command: UrbSubmit,
  signal: AbortSignal,
): Buffer | null | Promise<Buffer | null> {
  // No simulated board has an isochronous endpoint.
  if (command.isIsochronous) return submitAnswer(command, { status: urbStatus.refused, movedBytes: 0 })
  if ((command.endpoint & 0x7f) !== 0) return dataAnswer(device, command)
  if (!isWellFormed(command)) return stall(command)
  return Promise.resolve(device.control(command.setup, command.data, signal)).then((given) =>
    controlAnswer(command, given),
  )
}

function dataAnswer(device: ServedDevice, command: UrbSubmit): Buffer | null {
  const behaviour = device.endpoint(command.endpoint)
  if (behaviour === 'silent') return null
  if (behaviour === 'sink') return submitAnswer(command, { status: urbStatus.done, movedBytes: command.data.length })
  return stall(command)
}

/** The data stage goes the way the SETUP packet says, and an OUT stage brings what it promises. */
function isWellFormed({ setup, endpoint, data }: UrbSubmit): boolean {
  if (setup.lengthBytes === 0) return data.length === 0
  const isIn = (setup.requestType & 0x80) !== 0
  return isIn === (endpoint === 0x80) && (isIn || data.length === setup.lengthBytes)
}

function controlAnswer(command: UrbSubmit, given: ControlAnswer): Buffer | null {
  if (given.kind === 'no-status') return null
  if (given.kind === 'stall') return stall(command)
  if (command.endpoint === 0) {
    return submitAnswer(command, { status: urbStatus.done, movedBytes: command.data.length })
  }
  const room = Math.min(command.lengthBytes, command.setup.lengthBytes)
  const data = given.kind === 'data' ? given.data.subarray(0, room) : new Uint8Array()
  const isShort = command.isShortRefused && data.length < command.lengthBytes
  return submitAnswer(command, { status: isShort ? urbStatus.short : urbStatus.done, movedBytes: data.length, data })
}

function stall(command: UrbSubmit): Buffer {
  return submitAnswer(command, { status: urbStatus.stall, movedBytes: 0 })
}

function refusal(what: string): Fault {
  return new Fault('CALL_REJECTED', `USB/IP: ${what}`)
}
