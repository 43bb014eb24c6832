// What a processor makes of the bytes that its ROM is told to start: a vector table first, as every Cortex-M program has,
// and what the program then shows on USB. Real programs do not say that; those of ours carry it after their vectors, in a
// header of our own: "USB1", vendor id, product id, release, what it shows, length of all, CRC-32 of the rest, little endian.
import { crc32 } from 'node:zlib'
import type { UsbIds } from './device-profile.ts'

/** no-dfu: on the bus, without DFU. dark: not on the bus. */
export type ProgramShow = 'dfu-runtime' | 'no-dfu' | 'dark'

export interface ProgramFacts {
  readonly ids: UsbIds
  /** The bcdDevice that it shows. */
  readonly release: number
  readonly shows: ProgramShow
}

const magic = 'USB1'
const shows: readonly ProgramShow[] = ['dfu-runtime', 'no-dfu', 'dark']
/** After 16 vectors of the processor and 96 of the chip. */
const headerAt = 0x1c0
const headerBytes = 20
const payloadAt = headerAt + headerBytes
const ram = { from: 0x20000000, to: 0x20080000 } as const

/** A program to be written at `base`. */
export function stProgram({ ids, release, shows: what }: ProgramFacts, base: number, payload: Uint8Array): Uint8Array {
  const image = Buffer.alloc(payloadAt + payload.length)
  image.set(payload, payloadAt)
  for (let at = 4; at < headerAt; at += 4) image.writeUInt32LE(base + payloadAt + 1, at)
  image.writeUInt32LE(ram.from + 0x10000, 0)
  image.write(magic, headerAt, 'latin1')
  image.writeUInt16LE(ids.vendorId, headerAt + 4)
  image.writeUInt16LE(ids.productId, headerAt + 6)
  image.writeUInt16LE(release, headerAt + 8)
  image.writeUInt16LE(shows.indexOf(what), headerAt + 10)
  image.writeUInt32LE(image.length, headerAt + 12)
  image.writeUInt32LE(crc32(image.subarray(payloadAt)), headerAt + 16)
  return image
}

/** `memory`: the flash from `base`, where the program begins. Null: no program, or a damaged one; it crashes. */
export function programIn(memory: Uint8Array, base: number): ProgramFacts | 'unknown' | null {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength)
  if (bytes.length < 8 || !hasVectors(bytes, base)) return null
  if (bytes.length < payloadAt || bytes.toString('latin1', headerAt, headerAt + 4) !== magic) return 'unknown'
  const lengthBytes = bytes.readUInt32LE(headerAt + 12)
  const isMadeForHere = bytes.readUInt32LE(4) === base + payloadAt + 1
  if (!isMadeForHere || lengthBytes < payloadAt || lengthBytes > bytes.length) return null
  if (crc32(bytes.subarray(payloadAt, lengthBytes)) !== bytes.readUInt32LE(headerAt + 16)) return null
  return {
    ids: { vendorId: bytes.readUInt16LE(headerAt + 4), productId: bytes.readUInt16LE(headerAt + 6) },
    release: bytes.readUInt16LE(headerAt + 8),
    shows: shows[bytes.readUInt16LE(headerAt + 10)] ?? 'dark',
  }
}

function hasVectors(bytes: Buffer, base: number): boolean {
  const [stack, reset] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)]
  const isStack = stack > ram.from && stack <= ram.to && stack % 4 === 0
  return isStack && reset % 2 === 1 && reset >= base && reset < base + bytes.length
}
