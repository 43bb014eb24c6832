// A standard USB/IP server over a simulated bus: "usbip list" and "usbip attach" of any Linux, and usbip-win2, have its
// boards as devices of their own. The protocol knows neither encryption nor passwords, so it listens on this computer
// alone unless told otherwise.
import { createServer, type Server, type Socket } from 'node:net'
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../../station/ports.ts'
import type { SimulatedBus } from '../simulated-bus.ts'
import { exportBus } from './bus-exports.ts'
import { type ClientNews, serveClient } from './serve-client.ts'

/** The registered port of USB/IP. */
export const usbipPort = 3240
export const loopback = '127.0.0.1'

export interface UsbipServerOptions {
  readonly bus: SimulatedBus
  readonly clock: Clock
  /** Address to listen on. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly tell: (news: ClientNews) => void
}

export interface UsbipServer {
  readonly host: string
  readonly port: number
  /** Ends all connections; to their hosts all boards are unplugged. */
  close(): Promise<void>
}

/** More than any bench has boards; each takes one connection, lists come and go. */
const maxConnections = 256
/** Boards that are lent out leave their hosts in this time, or are cut off. */
const closeWithinMs = 500

/** Rejects with CALL_REJECTED when the address and port are not to be had. */
export async function openUsbipServer(options: UsbipServerOptions): Promise<UsbipServer> {
  const { bus, clock, tell } = options
  const exports = exportBus(bus)
  const serving = new Map<Socket, Promise<void>>()
  const server = createServer((socket) => {
    serving.set(
      socket,
      serveClient(socket, { exports, clock, tell }).finally(() => serving.delete(socket)),
    )
  })
  server.maxConnections = maxConnections
  const port = await listen(server, options).catch((thrown: unknown) => {
    exports[Symbol.dispose]()
    throw thrown
  })
  return {
    host: options.host,
    port,
    close: async () => {
      const closed = new AbortController()
      server.close(() => closed.abort())
      exports[Symbol.dispose]()
      await clock.sleep(closeWithinMs, closed.signal).catch(() => undefined)
      for (const socket of serving.keys()) socket.destroy()
      await Promise.all(serving.values())
    },
  }
}

function listen(server: Server, { host, port }: UsbipServerOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const refuse = (cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'EADDRINUSE'
        ? 'another program has it; end that one, or choose another port'
        : `${cause.message}; choose another address or port`
    reject(new Fault('CALL_REJECTED', `cannot listen on ${host} port ${port}: ${why}`, { cause }))
  }
  server.once('error', refuse)
  server.listen(port, host, () => {
    server.off('error', refuse)
    // A computer that is short of something may refuse a connection; those that are there go on.
    server.on('error', () => undefined)
    const address = server.address()
    resolve(typeof address === 'object' && address ? address.port : port)
  })
  return promise
}
