// What a compressed module is made of: behind the prefix a head of its own, then a raw deflate stream. The bootloader
// and the asset reader of Device OS inflate it; nothing else does. Format: 1.7 of our firmware notes.
import { inflateRawSync } from 'node:zlib'
import { payloadOffsetOf, suffixBytesOf } from './module-extensions.ts'
import { type FlashedModule, flags } from './read-module.ts'

const crcBytes = 4
const headBytes = 8
const methodDeflate = 0

interface PackedHead {
  readonly dataAt: number
  readonly dataEnd: number
  readonly originalBytes: number
}

export function isCompressed(module: Pick<FlashedModule, 'flags'>): boolean {
  return (module.flags & flags.compressed) !== 0
}

/** Head of the compressed data; null when the module has none that can be. */
export function packedHeadOf(module: FlashedModule): PackedHead | null {
  const { bytes } = module
  const dataEnd = bytes.length - crcBytes - suffixBytesOf(bytes)
  const headAt = payloadOffsetOf(module)
  if (dataEnd < headAt + headBytes) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sizeBytes = view.getUint16(headAt, true)
  const isKnown = sizeBytes >= headBytes && view.getUint8(headAt + 2) === methodDeflate
  if (!isKnown || headAt + sizeBytes > dataEnd) return null
  return { dataAt: headAt + sizeBytes, dataEnd, originalBytes: view.getUint32(headAt + 4, true) }
}

/** The bytes that were packed: the whole original module, or its payload alone where the header is dropped. */
export function inflateModule(module: FlashedModule): Uint8Array | null {
  const head = packedHeadOf(module)
  if (!head) return null
  try {
    const inflated = inflateRawSync(module.bytes.subarray(head.dataAt, head.dataEnd), {
      maxOutputLength: head.originalBytes + 1,
    })
    return inflated.length === head.originalBytes ? Uint8Array.from(inflated) : null
  } catch {
    // No deflate stream: the board finds the same and leaves its flash as it is.
    return null
  }
}
