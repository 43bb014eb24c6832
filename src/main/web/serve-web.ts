// The web door: the station's screens in an ordinary browser of this computer. It listens on 127.0.0.1 and nowhere else,
// opens no connection of its own, and lets in only who holds an address that it gave out.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asFault, Fault } from '../../shared/fault/fault.ts'
import type { Desk } from '../desk/desk.ts'
import { listPageFiles } from '../page/page-files.ts'
import type { Clock, Log } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import { createAdmission } from './admission.ts'
import { answerText } from './answer.ts'
import { answerRequest, type Door } from './answer-request.ts'
import { createFeeds } from './feeds.ts'

export interface ServeWebOptions {
  readonly desk: Desk
  /** The built renderer: the folder with index.html. */
  readonly rendererFolder: string
  /** 0 for any free port. */
  readonly port: number
  readonly log: Log
  readonly clock?: Clock
}

export interface WebDoor {
  /** Opens the station once, in one browser. */
  readonly url: string
  readonly port: number
  /** Another such address. */
  newUrl(): string
  /** Ends feeds, lets running answers finish for a second, then closes. */
  close(): Promise<void>
}

const maxConnections = 256
const closeWithinMs = 1_000

export async function serveWeb(options: ServeWebOptions): Promise<WebDoor> {
  const { desk, log } = options
  const clock = options.clock ?? systemClock
  const files = await listPageFiles(options.rendererFolder)
  const server = createServer()
  const port = await listen(server, options.port)
  // A computer that is short of something may refuse a connection; the station goes on.
  server.on('error', (thrown) => log.error(`web: ${thrown.message}`))
  const feeds = createFeeds(desk, clock)
  const admission = createAdmission()
  const door: Door = {
    ...{ desk, files, feeds, admission, port },
    onRefused: ({ status, reason }, request) => log.warn(`web: ${status} ${request.method}: ${reason}`),
  }
  server.on('request', (request, response) => {
    answerRequest(door, request, response).catch((thrown: unknown) => fail(thrown, response, log))
  })
  const newUrl = () => `http://127.0.0.1:${port}/?token=${admission.newToken()}`
  return {
    url: newUrl(),
    port,
    newUrl,
    close: () => {
      feeds.close()
      return close(server, clock)
    },
  }
}

/** The port that was taken; rejects with CALL_REJECTED where it is not to be had. */
function listen(server: Server, port: number): Promise<number> {
  server.maxConnections = maxConnections
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(new Fault('CALL_REJECTED', `cannot listen on 127.0.0.1:${port}: ${cause.message}`, { cause }))
    server.once('error', refuse)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuse)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** A client that went away is no news; anything else is. */
function fail(thrown: unknown, response: ServerResponse, log: Log): void {
  if (response.req.socket.destroyed) return
  log.error(`web: ${response.req.method} failed: ${asFault(thrown).detail}`)
  if (response.headersSent) response.destroy()
  else answerText(response, 500, 'The station could not answer. Its log says why.')
}

async function close(server: Server, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const finished = new AbortController()
  await Promise.race([closed, clock.sleep(closeWithinMs, finished.signal).catch(() => undefined)])
  finished.abort()
  server.closeAllConnections()
  await closed
}
