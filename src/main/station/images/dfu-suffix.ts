// The suffix of a DFU file (DFU 1.1, appendix B): 16 bytes at its end, read backwards, that say what the file is for and
// carry a CRC over all the rest. Read and written here; what stands before it is not looked at.
import { crc32 } from 'node:zlib'
import { viewOf } from '../firmware/module-format.ts'
import type { Refuse } from '../firmware/refusal.ts'
import type { StatedDevice } from './payload.ts'

/** Of the suffix that the standard describes; a later one may be longer, and its known fields keep their places. */
const suffixBytes = 16
const signature = [0x55, 0x46, 0x44] as const
const any = 0xffff
/** bcdDFU of a file: 1.00 as the standard has it, the two that tools write for 1.1, and ST's for DfuSe. */
const plainVersions: readonly number[] = [0x0100, 0x0101, 0x0110]
const dfuseVersion = 0x011a

export interface DfuSuffix {
  readonly device: StatedDevice
  readonly isDfuse: boolean
  /** What stands before the suffix. */
  readonly payload: Uint8Array
}

/** Offsets from the end of the file. */
const at = { revision: 16, product: 14, vendor: 12, version: 10, signature: 8, length: 5, crc: 4 } as const

/**
 * null where the file has no suffix. Refuses TRUNCATED for one that is cut, BAD_SUFFIX for a length that cannot be,
 * CRC_MISMATCH, BAD_VERSION for a DFU version that does not exist, and EMPTY_FILE for a suffix alone.
 */
export function readSuffix(bytes: Uint8Array, refuse: Refuse): DfuSuffix | null {
  if (!hasSignature(bytes, at.signature)) {
    if (isCut(bytes)) refuse('TRUNCATED', 'the DFU suffix is cut: the file is not whole')
    if (isDamaged(bytes)) refuse('BAD_SUFFIX', 'the signature of the DFU suffix is damaged')
    return null
  }
  const view = viewOf(bytes)
  const word = (offset: number): number => view.getUint16(bytes.length - offset, true)
  const length = view.getUint8(bytes.length - at.length)
  if (length < suffixBytes) refuse('BAD_SUFFIX', `the DFU suffix says ${length} bytes; ${suffixBytes} is the least`)
  if (length > bytes.length) refuse('BAD_SUFFIX', `the DFU suffix says ${length} bytes, more than the file has`)
  checkCrc(bytes, refuse)
  const version = word(at.version)
  const isDfuse = version === dfuseVersion
  if (!isDfuse && !plainVersions.includes(version)) {
    refuse('BAD_VERSION', `the suffix is of DFU version 0x${hex4(version)}, which does not exist`)
  }
  const payload = bytes.subarray(0, bytes.length - length)
  if (payload.length === 0) refuse('EMPTY_FILE', 'a DFU suffix and nothing before it')
  const stated = (offset: number): number | null => (word(offset) === any ? null : word(offset))
  const device = { vendorId: stated(at.vendor), productId: stated(at.product), revision: stated(at.revision) }
  return { device, isDfuse, payload }
}

function checkCrc(bytes: Uint8Array, refuse: Refuse): void {
  const stored = viewOf(bytes).getUint32(bytes.length - at.crc, true)
  const actual = suffixCrc(bytes.subarray(0, bytes.length - at.crc))
  if (stored !== actual) {
    refuse('CRC_MISMATCH', `the DFU suffix says CRC ${hex8(stored)}, the bytes give ${hex8(actual)}`)
  }
}

/** CRC-32 without the inversion at its end. */
function suffixCrc(bytes: Uint8Array): number {
  return ~crc32(bytes) >>> 0
}

function hasSignature(bytes: Uint8Array, offset: number): boolean {
  return bytes.length >= suffixBytes && signature.every((byte, index) => bytes[bytes.length - offset + index] === byte)
}

/** The signature with its DFU version before it, nearer to the end than it can stand: the last bytes are gone. */
function isCut(bytes: Uint8Array): boolean {
  return [3, 4, 5, 6, 7].some((offset) => {
    if (bytes.length < offset + 2 || !hasSignature(bytes, offset)) return false
    const version = viewOf(bytes).getUint16(bytes.length - offset - 2, true)
    return version === dfuseVersion || plainVersions.includes(version)
  })
}

/** Version and length of a suffix around a signature with one wrong byte: by chance this stands in no raw file. */
function isDamaged(bytes: Uint8Array): boolean {
  if (bytes.length < suffixBytes || bytes[bytes.length - at.length] !== suffixBytes) return false
  const version = viewOf(bytes).getUint16(bytes.length - at.version, true)
  const right = signature.filter((byte, index) => bytes[bytes.length - at.signature + index] === byte)
  return right.length === signature.length - 1 && (version === dfuseVersion || plainVersions.includes(version))
}

/** The file with a suffix behind it; null says "any". Of a DfuSe file only where its container is there already. */
export function withSuffix(payload: Uint8Array, device: StatedDevice, kind: 'dfu' | 'dfuse' = 'dfu'): Uint8Array {
  const file = Buffer.alloc(payload.length + suffixBytes)
  file.set(payload)
  const put = (value: number, offset: number): number => file.writeUInt16LE(value, file.length - offset)
  put(device.revision ?? any, at.revision)
  put(device.productId ?? any, at.product)
  put(device.vendorId ?? any, at.vendor)
  put(kind === 'dfuse' ? dfuseVersion : 0x0100, at.version)
  file.set(signature, file.length - at.signature)
  file.writeUInt8(suffixBytes, file.length - at.length)
  file.writeUInt32LE(suffixCrc(file.subarray(0, -at.crc)), file.length - at.crc)
  return file
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0')
}
