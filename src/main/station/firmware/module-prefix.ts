// Finds and reads the 24-byte prefix. Where it lies follows from the first bytes of the file, as the device itself
// decides; there is no search. Whether a candidate is a prefix at all is judged by how many of its fields make sense.
import { platformNameOf } from '../../../shared/model/platform.ts'
import type { McuFamily } from '../platforms/platform-facts.ts'
import { otherPlatformName, platformOf } from '../platforms/platforms.ts'
import { maxModuleFileBytes } from './limits.ts'
import { crcSize, highestFunction, knownFlags, prefixSize, viewOf } from './module-format.ts'

export interface RawDependency {
  readonly functionId: number
  readonly index: number
  readonly version: number
}

export interface ModulePrefix {
  readonly offset: number
  readonly startAddress: number
  readonly endAddress: number
  /** Length the file should have: end - start and the CRC. */
  readonly declaredBytes: number
  readonly mcuTarget: number
  readonly flags: number
  readonly version: number
  readonly platformId: number
  readonly functionId: number
  readonly index: number
  readonly dependencies: readonly RawDependency[]
}

interface Candidate {
  readonly offset: number
  /** Prefixes behind a vector table belong to one family (or to one old platform) each. */
  readonly fits: (platformId: number) => boolean
}

const anyPlatform = (): boolean => true
const behindVectorTable: readonly Candidate[] = [
  { offset: 0x184, fits: ofFamily('stm32f2') },
  { offset: 0x184, fits: (id) => otherPlatformName(id) === 'RedBear Duo' },
  { offset: 0x200, fits: ofFamily('nrf52840') },
  { offset: 0x10c, fits: (id) => otherPlatformName(id) === 'Core' },
  { offset: 0xc0, fits: (id) => otherPlatformName(id) === 'Bluz' },
]
const behindImageHeader: readonly Candidate[] = [{ offset: 0x20, fits: anyPlatform }]
const atFront: readonly Candidate[] = [{ offset: 0, fits: anyPlatform }]

/** First eight bytes of a Realtek image header. */
const rtlImageHeader = [0x99, 0x99, 0x96, 0x96, 0x3f, 0xcc, 0x66, 0xfc]
/** The first word of a vector table is the initial stack pointer, an address in RAM. */
const stackPointerMask = 0x2ffc_0000
const ramAddress = 0x2000_0000

/** The prefix of the file (module format reference, rule 1.3), or null when there is nothing that makes sense as one. */
export function findPrefix(bytes: Uint8Array): ModulePrefix | null {
  const plausible = candidatesOf(bytes)
    .filter(({ offset }) => offset + prefixSize <= bytes.length)
    .map((candidate) => ({ candidate, prefix: readPrefix(bytes, candidate.offset) }))
    .filter(({ candidate, prefix }) => candidate.fits(prefix.platformId) || isUnknown(prefix.platformId))
    .map(({ prefix }) => prefix)
    .filter((prefix) => evidence(prefix, bytes.length) >= enoughEvidence)
  return plausible.find((prefix) => prefix.declaredBytes === bytes.length) ?? plausible[0] ?? null
}

/** The prefix of the module that begins at `address` with these bytes, whatever follows it; null when none does. */
export function findPrefixAt(bytes: Uint8Array, address: number): ModulePrefix | null {
  const found = candidatesOf(bytes)
    .filter(({ offset }) => offset + prefixSize <= bytes.length)
    .map(({ offset }) => readPrefix(bytes, offset))
    .filter((prefix) => prefix.startAddress === address)
    // A module that ends before its own header would be found at its own end again, for ever.
    .filter((prefix) => prefix.declaredBytes >= prefix.offset + prefixSize + crcSize)
    .filter((prefix) => evidence(prefix, prefix.declaredBytes) > enoughEvidence)
  return found[0] ?? null
}

function candidatesOf(bytes: Uint8Array): readonly Candidate[] {
  if (bytes.length >= 4) {
    const firstWord = viewOf(bytes).getUint32(0, true)
    if ((firstWord & stackPointerMask) >>> 0 === ramAddress) return behindVectorTable
  }
  if (isRtlImage(bytes)) return behindImageHeader
  return atFront
}

/** True for bytes that the boot code of an RTL872x would run: its bootloader and its master boot record. */
export function isRtlImage(bytes: Uint8Array): boolean {
  return rtlImageHeader.every((byte, at) => bytes[at] === byte)
}

function readPrefix(bytes: Uint8Array, offset: number): ModulePrefix {
  const view = viewOf(bytes)
  const u8 = (at: number): number => view.getUint8(offset + at)
  const u16 = (at: number): number => view.getUint16(offset + at, true)
  const u32 = (at: number): number => view.getUint32(offset + at, true)
  return {
    offset,
    startAddress: u32(0),
    endAddress: u32(4),
    declaredBytes: u32(4) - u32(0) + crcSize,
    mcuTarget: u8(8),
    flags: u8(9),
    version: u16(10),
    platformId: u16(12),
    functionId: u8(14),
    index: u8(15),
    dependencies: [
      { functionId: u8(16), index: u8(17), version: u16(18) },
      { functionId: u8(20), index: u8(21), version: u16(22) },
    ],
  }
}

/** Of six claims at least four must hold: noise, text, images and erased flash stay below; one damaged field does not. */
const enoughEvidence = 4

function evidence(prefix: ModulePrefix, fileBytes: number): number {
  const claims = [
    !isUnknown(prefix.platformId),
    prefix.functionId >= 1 && prefix.functionId <= highestFunction,
    (prefix.flags & ~knownFlags) === 0,
    prefix.dependencies.every(({ functionId }) => functionId <= highestFunction),
    prefix.declaredBytes > crcSize && prefix.declaredBytes <= maxModuleFileBytes,
    prefix.declaredBytes === fileBytes,
  ]
  return claims.filter(Boolean).length
}

function isUnknown(platformId: number): boolean {
  return platformNameOf(platformId) === null && otherPlatformName(platformId) === null
}

function ofFamily(mcu: McuFamily): (platformId: number) => boolean {
  return (platformId) => {
    const name = platformNameOf(platformId)
    return name !== null && platformOf(name).mcu === mcu
  }
}
