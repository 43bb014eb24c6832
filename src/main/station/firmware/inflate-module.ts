// Unpacks a compressed module within the bounds its header declares and its platform allows. The result is never
// longer than the declared size: zlib stops at that byte, so a bomb costs no more than an honest file.
import { inflateRawSync } from 'node:zlib'
import { hex, viewOf } from './module-format.ts'
import type { Refuse } from './refusal.ts'

const headerBytes = 8
const rawDeflate = 0

/** `body`: the bytes between prefix and suffix. `maxBytes`: the most that the place of the module can hold. */
export function inflateModule(body: Uint8Array, maxBytes: number, refuse: Refuse): Uint8Array {
  if (body.length < headerBytes) refuse('BAD_COMPRESSION', 'no room for the compression header')
  const view = viewOf(body)
  const headSize = view.getUint16(0, true)
  const method = view.getUint8(2)
  const windowBits = view.getUint8(3)
  const originalBytes = view.getUint32(4, true)
  if (headSize < headerBytes || headSize > body.length)
    refuse('BAD_COMPRESSION', `compression header of ${headSize} bytes`)
  if (method !== rawDeflate) refuse('UNSUPPORTED_COMPRESSION', `compression method ${method}`)
  if (windowBits !== 0 && (windowBits < 8 || windowBits > 15)) {
    refuse('BAD_COMPRESSION', `compression window of ${windowBits} bits`)
  }
  if (originalBytes > maxBytes) {
    refuse('TOO_LARGE', `would unpack to ${originalBytes} bytes; ${maxBytes} (${hex(maxBytes)}) is the most that fits`)
  }
  return inflateExactly(body.subarray(headSize), { originalBytes, windowBits: windowBits || 15 }, refuse)
}

interface Expected {
  readonly originalBytes: number
  readonly windowBits: number
}

function inflateExactly(packed: Uint8Array, expected: Expected, refuse: Refuse): Uint8Array {
  const { originalBytes, windowBits } = expected
  let unpacked: Uint8Array
  let consumed: number
  try {
    const result = inflateRawSync(packed, { windowBits, maxOutputLength: Math.max(originalBytes, 1), info: true })
    const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    unpacked = buffer
    consumed = engine.bytesWritten
  } catch (thrown) {
    return refuse('BAD_COMPRESSION', `the packed data does not unpack to ${originalBytes} bytes`, thrown)
  }
  if (unpacked.length !== originalBytes) {
    refuse('BAD_COMPRESSION', `unpacks to ${unpacked.length} bytes, the header says ${originalBytes}`)
  }
  if (consumed !== packed.length) refuse('BAD_COMPRESSION', `${packed.length - consumed} bytes after the packed data`)
  return unpacked
}
