// Finds blank sectors while memory is read for another purpose, so that nobody erases them again. Pure.
import { type MemoryMap, type MemorySector, sectorAt } from './memory-map.ts'

const erasedByte = 0xff

export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === erasedByte)
}

/**
 * Follows an ascending, gapless read that begins at `startAddress`; calls `found` for each erasable sector that was read
 * whole and holds nothing but 0xFF.
 */
export function watchForBlank(
  map: MemoryMap,
  startAddress: number,
  found: (sector: MemorySector) => void,
): (address: number, bytes: Uint8Array) => void {
  let lastUsed = -1
  return (address, bytes) => {
    for (const { sector, start, end } of piecesOf(map, address, bytes.length)) {
      const used = bytes.subarray(start - address, end - address).findLastIndex((byte) => byte !== erasedByte)
      if (used >= 0) lastUsed = start + used
      const isWhole = sector.address >= startAddress && end === sector.address + sector.sizeBytes
      if (isWhole && sector.isErasable && lastUsed < sector.address) found(sector)
    }
  }
}

interface Piece {
  readonly sector: MemorySector
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** The range cut at sector borders; ends where the map ends. */
function* piecesOf(map: MemoryMap, address: number, sizeBytes: number): Generator<Piece> {
  const rangeEnd = address + sizeBytes
  for (let start = address; start < rangeEnd; ) {
    const sector = sectorAt(map, start)
    if (!sector) return
    const end = Math.min(rangeEnd, sector.address + sector.sizeBytes)
    yield { sector, start, end }
    start = end
  }
}
