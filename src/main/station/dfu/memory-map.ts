// The DfuSe memory map: the interface string of an alternate setting, such as
// "@Internal Flash   /0x08000000/03*016Ka,01*064Kg", read into segments of equal sectors. It refuses what it cannot
// read by naming the fragment, and any address outside the map. It must not know a platform.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'

/** A run of equal sectors with equal rights. Letters a..g: bit 0 readable, bit 1 erasable, bit 2 writable. */
export interface MemorySegment {
  readonly startAddress: number
  readonly sectorBytes: number
  readonly sectorCount: number
  readonly isReadable: boolean
  readonly isErasable: boolean
  readonly isWritable: boolean
}

export interface MemoryMap {
  readonly name: string
  /** In the order of the string, by group. */
  readonly segments: readonly MemorySegment[]
}

export interface AddressRange {
  readonly address: number
  readonly sizeBytes: number
}

export interface MemorySector {
  readonly address: number
  readonly sizeBytes: number
  readonly isReadable: boolean
  readonly isErasable: boolean
  readonly isWritable: boolean
}

const mapPattern = /^@([^/]*)\/(.+)$/s
const addressPattern = /^\s*0x([0-9a-f]{1,8})\s*$/i
const segmentPattern = /^\s*(\d{1,8})\*(\d{1,8})([ BKM]?)([a-g])\s*$/
const unitBytes: Readonly<Record<string, number>> = { '': 1, ' ': 1, B: 1, K: 1024, M: 1024 * 1024 }
const addressSpace = 2 ** 32
/** 1 GiB of sectors of 4 KiB: a map with more for one image is nonsense, such as sectors of one byte for 64 MiB. */
const mostSectors = 2 ** 18

export function isMemoryMap(text: string): boolean {
  return text.startsWith('@')
}

/** Throws DFU_PROTOCOL, naming the fragment that is no part of a memory map (UM0424, section on string descriptors). */
export function parseMemoryMap(text: string): MemoryMap {
  const match = mapPattern.exec(text.replaceAll('\0', ''))
  if (!match) throw unreadable(text, text)
  const [, name = '', rest = ''] = match
  const parts = rest.split('/')
  const segments: MemorySegment[] = []
  for (let i = 0; i < parts.length; i += 2) {
    const list = parts[i + 1]
    if (list === undefined) throw unreadable(parts[i] ?? '', text)
    segments.push(...parseGroup(parseAddress(parts[i] ?? '', text), list, text))
  }
  return { name: name.trim(), segments }
}

/** The shortest string of the map; parseMemoryMap reads it back to the same map. */
export function formatMemoryMap(map: MemoryMap): string {
  let text = `@${map.name} `
  let end = -1
  for (const segment of map.segments) {
    text += segment.startAddress === end ? ',' : `/${addressText(segment.startAddress)}/`
    text += `${segment.sectorCount}*${formatSize(segment.sectorBytes)}${letterOf(segment)}`
    end = segmentEnd(segment)
  }
  return text
}

/**
 * The sectors a range touches, ascending; empty for an empty range. Throws DFU_ADDRESS_FORBIDDEN when a byte of the
 * range is in no segment, DFU_PROTOCOL when there are more sectors than any chip has. A range may touch sectors it does not fill: the caller decides if that is allowed.
 */
export function sectorsFor(map: MemoryMap, range: AddressRange): readonly MemorySector[] {
  const end = range.address + range.sizeBytes
  const sectors: MemorySector[] = []
  for (let next = range.address; next < end; ) {
    const sector = sectorAt(map, next)
    if (!sector) throw outside(map, next, range)
    if (sectors.length === mostSectors) throw tooMany(map, range)
    sectors.push(sector)
    next = sector.address + sector.sizeBytes
  }
  return sectors
}

/** The sector that holds an address, null when the map has none there. */
export function sectorAt(map: MemoryMap, address: number): MemorySector | null {
  const segment = map.segments.find((each) => each.startAddress <= address && address < segmentEnd(each))
  if (!segment) return null
  const { startAddress, sectorBytes, isReadable, isErasable, isWritable } = segment
  const start = startAddress + Math.floor((address - startAddress) / sectorBytes) * sectorBytes
  return { address: start, sizeBytes: sectorBytes, isReadable, isErasable, isWritable }
}

/** Where the readable memory from an address on has its end; the address itself where it is not readable. */
export function endOfReadable({ segments }: MemoryMap, address: number): number {
  const next = segments.find((each) => each.isReadable && each.startAddress <= address && address < segmentEnd(each))
  return next
    ? endOfReadable({ name: '', segments: segments.filter((each) => each !== next) }, segmentEnd(next))
    : address
}

/** Particle boards in security mode announce every sector as erasable and nothing else (letter b). */
export function isLocked(map: MemoryMap): boolean {
  return map.segments.every((segment) => segment.isErasable && !segment.isReadable && !segment.isWritable)
}

function parseGroup(groupAddress: number, list: string, text: string): MemorySegment[] {
  const segments: MemorySegment[] = []
  let startAddress = groupAddress
  for (const fragment of list.split(',')) {
    const segment = parseSegment(fragment, startAddress)
    if (!segment) throw unreadable(fragment, text)
    segments.push(segment)
    startAddress = segmentEnd(segment)
  }
  return segments
}

function parseAddress(fragment: string, text: string): number {
  const match = addressPattern.exec(fragment)
  if (!match?.[1]) throw unreadable(fragment, text)
  return Number.parseInt(match[1], 16)
}

function parseSegment(fragment: string, startAddress: number): MemorySegment | null {
  const match = segmentPattern.exec(fragment)
  if (!match) return null
  const [, count = '', size = '', unit = '', letter = ''] = match
  const rights = letter.charCodeAt(0) - 0x60
  const segment = {
    startAddress,
    sectorBytes: Number(size) * (unitBytes[unit] ?? 0),
    sectorCount: Number(count),
    isReadable: (rights & 1) !== 0,
    isErasable: (rights & 2) !== 0,
    isWritable: (rights & 4) !== 0,
  }
  const isEmpty = segment.sectorBytes === 0 || segment.sectorCount === 0
  return isEmpty || segmentEnd(segment) > addressSpace ? null : segment
}

function segmentEnd(segment: MemorySegment): number {
  return segment.startAddress + segment.sectorBytes * segment.sectorCount
}

function formatSize(sizeBytes: number): string {
  if (sizeBytes % (1024 * 1024) === 0) return `${sizeBytes / (1024 * 1024)}M`
  return sizeBytes % 1024 === 0 ? `${sizeBytes / 1024}K` : `${sizeBytes}B`
}

function letterOf(segment: MemorySegment): string {
  const rights = Number(segment.isReadable) + 2 * Number(segment.isErasable) + 4 * Number(segment.isWritable)
  return String.fromCharCode(0x60 + rights)
}

function unreadable(fragment: string, text: string): Fault {
  return new Fault('DFU_PROTOCOL', `memory map: "${fragment}" is not understood, in "${text}"`)
}

function tooMany(map: MemoryMap, range: AddressRange): Fault {
  const what = `more than ${mostSectors} sectors for ${range.sizeBytes} bytes at ${addressText(range.address)}`
  return new Fault('DFU_PROTOCOL', `memory map: ${what} in "${map.name}"`)
}

function outside(map: MemoryMap, address: number, range: AddressRange): Fault {
  const asked = `${addressText(range.address)} + ${range.sizeBytes} bytes`
  return new Fault(
    'DFU_ADDRESS_FORBIDDEN',
    `${addressText(address)} is outside the memory "${map.name}" (asked: ${asked})`,
  )
}
