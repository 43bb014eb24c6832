// Reads one module out of flash as Device OS does: finds the prefix by the first bytes, checks the CRC over what the
// header claims, takes the suffix from the end. Written from the format alone; shares nothing with the module builder.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FlashChip } from '../board-parts.ts'

export interface Dependency {
  readonly function: number
  readonly index: number
  readonly version: number
}

export interface ModuleHeader {
  readonly startAddress: number
  /** Exclusive; the CRC begins here. */
  readonly endAddress: number
  readonly flags: number
  readonly version: number
  readonly platformId: number
  readonly function: number
  readonly index: number
  readonly dependencies: readonly Dependency[]
  /** Offset of the prefix from the start. */
  readonly prefixOffset: number
  /** CRC included. */
  readonly sizeBytes: number
}

export interface FlashedModule extends ModuleHeader {
  /** The CRC-32 at the end fits the bytes: the integrity check of Device OS. */
  readonly isIntact: boolean
  /** The 32 bytes of the suffix. */
  readonly suffixHash: Uint8Array
  readonly bytes: Uint8Array
}

export const flags = {
  dropModuleInfo: 0x01,
  compressed: 0x02,
  combined: 0x04,
  encrypted: 0x08,
  prefixExtensions: 0x10,
} as const

const prefixBytes = 24
const crcBytes = 4
const leastModuleBytes = prefixBytes + 36 + crcBytes
/** Past the deepest prefix: 0x200 and the 24 bytes. */
const frontBytes = 0x200 + prefixBytes

/** Reads what lies within the chip and nothing beyond; shorter than asked at its end. */
export function readClamped(chip: FlashChip, address: number, sizeBytes: number): Uint8Array {
  const room = chip.base + chip.sizeBytes - address
  if (address < chip.base || room <= 0 || sizeBytes <= 0) return new Uint8Array(0)
  return chip.read(address, Math.min(room, sizeBytes))
}

function prefixOffsetOf(view: DataView, vectorTablePrefix: number): number {
  const first = view.getUint32(0, true)
  if ((first & 0x2ffc0000) === 0x20000000) return vectorTablePrefix
  const isRealtekImage = first === 0x96969999 && view.getUint32(4, true) === 0xfc66cc3f
  return isRealtekImage ? 0x20 : 0
}

function dependencyAt(view: DataView, offset: number): readonly Dependency[] {
  const found = {
    function: view.getUint8(offset),
    index: view.getUint8(offset + 1),
    version: view.getUint16(offset + 2, true),
  }
  return found.function === 0 ? [] : [found]
}

/** The header of a module that begins with these bytes; null when there are too few or they cannot be a header. */
export function parseHeader(front: Uint8Array, vectorTablePrefix: number): ModuleHeader | null {
  if (front.length < 8) return null
  const view = new DataView(front.buffer, front.byteOffset, front.byteLength)
  const at = prefixOffsetOf(view, vectorTablePrefix)
  if (front.length < at + prefixBytes) return null
  const startAddress = view.getUint32(at, true)
  const endAddress = view.getUint32(at + 4, true)
  const sizeBytes = endAddress - startAddress + crcBytes
  if (sizeBytes < leastModuleBytes + at) return null
  return {
    startAddress,
    endAddress,
    flags: view.getUint8(at + 9),
    version: view.getUint16(at + 10, true),
    platformId: view.getUint16(at + 12, true),
    function: view.getUint8(at + 14),
    index: view.getUint8(at + 15),
    dependencies: [...dependencyAt(view, at + 16), ...dependencyAt(view, at + 20)],
    prefixOffset: at,
    sizeBytes,
  }
}

/** True when the last four bytes are the CRC-32 of all before, most significant byte first. */
function hasRightCrc(bytes: Uint8Array): boolean {
  if (bytes.length < leastModuleBytes) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(bytes.length - crcBytes, false) === crc32(bytes.subarray(0, -crcBytes))
}

/** True when the suffix hash fits in either flavour. Device OS reports the hash without checking it; tests check. */
export function hasRightHash(module: FlashedModule): boolean {
  const whole = module.bytes.subarray(0, -38)
  const payload = module.bytes.subarray(prefixBytes, -40)
  return [whole, payload].some((part) => createHash('sha256').update(part).digest().equals(module.suffixHash))
}

/**
 * The module whose bytes begin at `address` of the chip; null when no header is there that fits within `maxSizeBytes`.
 * A header with a wrong CRC is a module that is not intact, not an absent one.
 */
export function readModule(
  chip: FlashChip,
  address: number,
  limits: { readonly vectorTablePrefix: number; readonly maxSizeBytes: number },
): FlashedModule | null {
  const header = parseHeader(readClamped(chip, address, frontBytes), limits.vectorTablePrefix)
  if (!header || header.sizeBytes > limits.maxSizeBytes) return null
  return withBytes(header, readClamped(chip, address, header.sizeBytes))
}

/** The module at the start of these bytes, a vector table before its prefix or not; bytes behind it do not matter. */
export function moduleIn(bytes: Uint8Array, vectorTablePrefix = 0): FlashedModule | null {
  const header = parseHeader(bytes, vectorTablePrefix)
  return header && withBytes(header, bytes.subarray(0, header.sizeBytes))
}

function withBytes(header: ModuleHeader, bytes: Uint8Array): FlashedModule | null {
  if (bytes.length < header.sizeBytes) return null
  return { ...header, isIntact: hasRightCrc(bytes), suffixHash: bytes.slice(-38, -6), bytes }
}
