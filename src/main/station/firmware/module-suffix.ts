// The tail of a module: suffix, product fields, SHA-256 and CRC, and whether they agree with the bytes before them.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import { baseSuffixSize, crcSize, prefixSize, productSuffixSize, viewOf } from './module-format.ts'
import type { Refuse } from './refusal.ts'

export interface ModuleSuffix {
  readonly sizeBytes: number
  /** Offset of its first byte, where extensions begin. */
  readonly offset: number
  readonly productId: number | null
  readonly productVersion: number | null
  readonly sha256: Sha256
}

export function sha256Of(bytes: Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256
}

/** The stored CRC (big-endian, the only big-endian number of the format), after it was found to match. */
export function checkCrc(bytes: Uint8Array, refuse: Refuse): string {
  const stored = viewOf(bytes).getUint32(bytes.length - crcSize, false)
  const actual = crc32(bytes.subarray(0, bytes.length - crcSize))
  const text = stored.toString(16).padStart(8, '0')
  if (stored !== actual) {
    refuse('CRC_MISMATCH', `the file says CRC ${text}, its bytes give ${actual.toString(16).padStart(8, '0')}`)
  }
  return text
}

/** `bodyOffset`: the first byte after the prefix; the suffix may not reach before it. */
export function readSuffix(bytes: Uint8Array, bodyOffset: number, refuse: Refuse): ModuleSuffix {
  const view = viewOf(bytes)
  const end = bytes.length - crcSize
  const sizeBytes = view.getUint16(end - 2, true)
  const extra = sizeBytes - baseSuffixSize
  if (extra < 0 || (extra > 0 && extra < productSuffixSize - baseSuffixSize)) {
    refuse('BAD_SUFFIX', `the suffix says ${sizeBytes} bytes; ${baseSuffixSize} is the least`)
  }
  if (end - sizeBytes < bodyOffset) refuse('BAD_SUFFIX', `the suffix says ${sizeBytes} bytes, more than the file holds`)
  const hasProduct = sizeBytes >= productSuffixSize
  const hash = Buffer.from(bytes.subarray(end - 34, end - 2)).toString('hex')
  return {
    sizeBytes,
    offset: end - sizeBytes,
    productId: hasProduct ? view.getUint16(end - 40, true) : null,
    productVersion: hasProduct ? view.getUint16(end - 38, true) : null,
    sha256: parseSha256(hash) ?? refuse('BAD_SUFFIX', 'no hash'),
  }
}

/**
 * Which bytes the suffix hash covers. Most modules hash everything before the hash; SoftDevice and NCP files may hash
 * their payload alone, so that all platforms share one hash.
 */
export function checkHash(
  bytes: Uint8Array,
  expected: { readonly sha256: Sha256; readonly payloadAllowed: boolean },
  refuse: Refuse,
): 'whole' | 'payload' {
  if (sha256Of(bytes.subarray(0, bytes.length - 38)) === expected.sha256) return 'whole'
  const payload = bytes.subarray(prefixSize, bytes.length - 40)
  if (expected.payloadAllowed && sha256Of(payload) === expected.sha256) return 'payload'
  return refuse('HASH_MISMATCH', 'the SHA-256 in the suffix does not match the bytes, although the CRC does')
}
