// One connection from its first byte to its last: a request for the list, which ends it, or an import, after which the
// connection is the cable of that device until one side pulls it.
import type { Socket } from 'node:net'
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../../station/ports.ts'
import type { BusExports, TakenDevice } from './bus-exports.ts'
import {
  importRefusal,
  importReply,
  listReply,
  type OperationRequest,
  operationStatus,
  readOperation,
} from './operations.ts'
import { serveUrbs } from './serve-urbs.ts'

/** What befell a connection, for people and logs. */
export type ClientNews =
  | { readonly kind: 'attached' | 'detached'; readonly busId: string; readonly client: string }
  /** The board left the bus, and the connection with it. */
  | { readonly kind: 'lost'; readonly busId: string; readonly client: string }
  /** A host that said what cannot be understood, or asked for what it cannot have; its connection is closed. */
  | { readonly kind: 'refused'; readonly client: string; readonly reason: string }

export interface ClientOptions {
  readonly exports: BusExports
  readonly clock: Clock
  tell(news: ClientNews): void
}

/** A host that vanished without a word is looked for after so long a silence. */
const keepAliveAfterMs = 30_000
/** A host asks at once. One that does not is none, and keeps a connection from another. */
const requestWithinMs = 10_000
/** What was said last gets so long to be read before the connection is cut. */
const lastWordsMs = 1_000

/** Serves the client to its end; never rejects. */
export async function serveClient(socket: Socket, options: ClientOptions): Promise<void> {
  const client = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`
  // An error of the connection is its end, no more: "close" follows.
  socket.on('error', () => undefined)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveAfterMs)
  try {
    const asked = await untilAsked(socket, options.clock)
    if (asked) await answer(socket, asked, { ...options, client })
  } catch (thrown) {
    options.tell({ kind: 'refused', client, reason: asFault(thrown).detail })
  }
  await endConnection(socket, options.clock)
}

interface Asked {
  readonly request: OperationRequest
  /** What came after the request. */
  readonly rest: Buffer
}

/** Null when the client went without asking anything whole. */
async function untilAsked(socket: Socket, clock: Clock): Promise<Asked | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Asked | null>()
  const answered = new AbortController()
  let received: Buffer = Buffer.alloc(0)
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    try {
      const found = readOperation(received)
      if (found) resolve({ request: found.request, rest: received.subarray(found.sizeBytes) })
    } catch (thrown) {
      reject(thrown)
    }
  }
  const onClose = () => resolve(null)
  clock.sleep(requestWithinMs, answered.signal).then(
    () => reject(new Fault('CALL_REJECTED', `USB/IP: no request within ${requestWithinMs} ms`)),
    () => undefined,
  )
  socket.on('data', onData).once('close', onClose)
  try {
    return await promise
  } finally {
    answered.abort()
    socket.off('data', onData).off('close', onClose)
    socket.pause()
  }
}

type Client = ClientOptions & { readonly client: string }

async function answer(socket: Socket, { request, rest }: Asked, options: Client): Promise<void> {
  if (request.kind === 'list') {
    socket.write(listReply(options.exports.free()))
    return
  }
  const taken = options.exports.take(request.busId)
  if (typeof taken !== 'string') {
    socket.write(importReply(taken.listed))
    await serveDevice(socket, { taken, rest }, options)
    return
  }
  const { busy, noDevice } = operationStatus
  socket.write(importRefusal(taken === 'busy' ? busy : noDevice))
  const why = taken === 'busy' ? 'another host has it' : 'it is not there'
  throw new Fault('CALL_REJECTED', `${JSON.stringify(request.busId)} asked for, but ${why}`)
}

interface Import {
  readonly taken: TakenDevice
  readonly rest: Buffer
}

async function serveDevice(socket: Socket, { taken, rest }: Import, options: Client): Promise<void> {
  const { listed, device, left } = taken
  const about = { busId: listed.busId, client: options.client }
  options.tell({ kind: 'attached', ...about })
  const deviceId = listed.busNumber * 0x10000 + listed.deviceNumber
  const served = serveUrbs(socket, { device, deviceId, clock: options.clock, received: rest })
  const onLeft = () => {
    served.leave()
    void cutUnlessClosed(socket, options.clock)
  }
  if (left.aborted) onLeft()
  left.addEventListener('abort', onLeft, { once: true })
  socket.resume()
  const reason = await served.ended
  left.removeEventListener('abort', onLeft)
  if (reason) options.tell({ kind: 'refused', client: options.client, reason: reason.detail })
  options.tell({ kind: left.aborted ? 'lost' : 'detached', ...about })
  await taken.giveBack()
}

/** Closes once all was sent, or after a moment when the client does not take it. */
async function endConnection(socket: Socket, clock: Clock): Promise<void> {
  socket.destroySoon()
  await cutUnlessClosed(socket, clock)
}

async function cutUnlessClosed(socket: Socket, clock: Clock): Promise<void> {
  if (socket.destroyed) return
  const closed = new AbortController()
  socket.once('close', () => closed.abort())
  await clock.sleep(lastWordsMs, closed.signal).catch(() => undefined)
  socket.destroy()
}
