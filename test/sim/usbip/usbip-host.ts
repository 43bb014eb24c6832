// The host's half of USB/IP, for tests: writes requests by the offsets of the kernel's description and reads what comes
// back. It shares nothing with the server.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

export interface SubmitWords {
  readonly sequence: number
  readonly deviceId?: number
  readonly endpoint?: number
  readonly isIn?: boolean
  readonly lengthBytes?: number
  readonly flags?: number
  readonly packets?: number
  /** Eight bytes. */
  readonly setup?: readonly number[]
  readonly data?: Uint8Array
}

export const noSetup = [0, 0, 0, 0, 0, 0, 0, 0]

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}

export function submit(given: SubmitWords): Buffer {
  const { sequence, deviceId = 0, endpoint = 0, isIn = true, flags = 0, packets = 0, setup = noSetup } = given
  const { data = new Uint8Array(), lengthBytes = data.length } = given
  const head = words(1, sequence, deviceId, isIn ? 1 : 0, endpoint, flags, lengthBytes, 0, packets, 0)
  return Buffer.concat([head, Buffer.from(setup), data, Buffer.alloc(Math.max(0, packets) * 16)])
}

export function unlink(sequence: number, target: number, deviceId = 0): Buffer {
  return Buffer.concat([words(2, sequence, deviceId, 0, 0, target), Buffer.alloc(24)])
}

/** SETUP of a standard IN request to the device. */
export function getDescriptor(value: number, lengthBytes: number): readonly number[] {
  return [0x80, 6, value & 0xff, value >> 8, 0, 0, lengthBytes & 0xff, lengthBytes >> 8]
}

export interface Answer {
  /** 3 for a transfer, 4 for an unlink. */
  readonly kind: number
  readonly sequence: number
  readonly status: number
  readonly moved: number
  readonly packets: number
}

export interface Host {
  readonly stream: Duplex
  write(...parts: readonly Uint8Array[]): void
  /** The next so many bytes; rejects when the other side closes before. */
  read(sizeBytes: number): Promise<Buffer>
  /** The head of the next answer; an IN transfer's data has to be read after it. */
  answer(): Promise<Answer>
  /** One IN transfer on endpoint 0, and what it brought. */
  controlIn(sequence: number, deviceId: number, setup: readonly number[]): Promise<Buffer>
  closed(): Promise<void>
}

export function hostAt(stream: Duplex): Host {
  let received = Buffer.alloc(0)
  let isClosed = false
  stream.on('error', () => undefined)
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    stream.emit('more')
  })
  stream.on('close', () => {
    isClosed = true
    stream.emit('more')
  })
  const host: Host = {
    stream,
    write: (...parts) => {
      for (const part of parts) stream.write(part)
    },
    read: async (sizeBytes) => {
      while (received.length < sizeBytes) {
        if (isClosed || stream.readableEnded) throw new Error(`closed after ${received.length} of ${sizeBytes} bytes`)
        await once(stream, 'more')
      }
      const bytes = received.subarray(0, sizeBytes)
      received = received.subarray(sizeBytes)
      return bytes
    },
    answer: async () => {
      const head = await host.read(48)
      const [kind, sequence, packets] = [head.readUInt32BE(0), head.readUInt32BE(4), head.readInt32BE(32)]
      return { kind, sequence, status: head.readInt32BE(20), moved: head.readInt32BE(24), packets }
    },
    controlIn: async (sequence, deviceId, setup) => {
      const lengthBytes = (setup[6] ?? 0) | ((setup[7] ?? 0) << 8)
      host.write(submit({ sequence, deviceId, setup, lengthBytes }))
      const { status, moved } = await host.answer()
      if (status !== 0) throw new Error(`status ${status}`)
      return host.read(moved)
    },
    closed: async () => {
      while (!isClosed) await once(stream, 'more')
    },
  }
  stream.on('end', () => stream.emit('more'))
  return host
}

export async function connectTo(port: number): Promise<Host> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return hostAt(socket)
}

export const listRequest = Buffer.from('0111800500000000', 'hex')

export function importRequest(busId: string): Buffer {
  return Buffer.concat([Buffer.from('0111800300000000', 'hex'), Buffer.from(busId.padEnd(32, '\0'), 'latin1')])
}
