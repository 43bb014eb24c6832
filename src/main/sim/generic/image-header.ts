// The header of an image: who it is for, its release, its length and a checksum. A checking loader asks for it, and a
// program that has one shows its release. The format is of our own invention, 20 bytes, little endian: "1209", vendor id
// and product id of the loader, release, two bytes of zero, length of all, CRC-32 of what follows.
import { crc32 } from 'node:zlib'
import { status } from '../dfu/dfu-words.ts'
import type { UsbIds } from './device-profile.ts'

const magic = '1209'
/** What an image says of itself. */
export interface ImageFacts {
  /** Of the loader that takes it. */
  readonly ids: UsbIds
  /** The bcdDevice that its program shows. */
  readonly release: number
}

export const headerBytes = 20

export function withHeader({ ids, release }: ImageFacts, payload: Uint8Array): Uint8Array {
  const image = Buffer.alloc(headerBytes + payload.length)
  image.write(magic, 'latin1')
  image.writeUInt16LE(ids.vendorId, 4)
  image.writeUInt16LE(ids.productId, 6)
  image.writeUInt16LE(release, 8)
  image.writeUInt32LE(image.length, 12)
  image.writeUInt32LE(crc32(payload), 16)
  image.set(payload, headerBytes)
  return image
}

/** What the first block already tells: errFILE when it is no image, errTARGET when it is another product's, or OK. */
export function statusOfStart(ids: UsbIds, firstBlock: Uint8Array): number {
  const bytes = Buffer.from(firstBlock)
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 4) !== magic) return status.errFile
  const isOurs = bytes.readUInt16LE(4) === ids.vendorId && bytes.readUInt16LE(6) === ids.productId
  return isOurs ? status.ok : status.errTarget
}

/** The release that the program in memory shows; null when it has no header. */
export function toldRelease(ids: UsbIds, memory: Uint8Array): number | null {
  return statusOfStart(ids, memory) === status.ok ? Buffer.from(memory.subarray(8, 10)).readUInt16LE() : null
}

/** The length that the header tells, header included. */
export function toldLengthBytes(image: Uint8Array): number {
  return Buffer.from(image.subarray(12, 16)).readUInt32LE()
}

/** Whether memory begins with a whole, undamaged image for this product. */
export function holdsSoundImage(ids: UsbIds, memory: Uint8Array): boolean {
  if (statusOfStart(ids, memory) !== status.ok) return false
  const lengthBytes = toldLengthBytes(memory)
  if (lengthBytes < headerBytes || lengthBytes > memory.length) return false
  return crc32(memory.subarray(headerBytes, lengthBytes)) === Buffer.from(memory.subarray(16, 20)).readUInt32LE()
}
