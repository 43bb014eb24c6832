// Remembers, for one visit in DFU, which sectors are known to be erased and which bytes were written since. So a
// sector that two modules share is erased once, a blank sector never, and a second write to the same bytes erases
// again. It must not know how a sector gets erased, nor who looked.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import type { MemorySector } from './memory-map.ts'

export interface ByteRange {
  readonly startAddress: number
  /** Exclusive. */
  readonly endAddress: number
}

export interface ErasedSectors {
  /**
   * The erasable sectors that must be erased before these bytes can be written. Throws DFU_ADDRESS_FORBIDDEN when an
   * erase would take bytes with it that were written, or found to be the wanted ones, earlier in this visit.
   */
  due(alternate: number, sectors: readonly MemorySector[], range: ByteRange): readonly MemorySector[]
  /** The sector holds nothing but 0xFF: it was erased, or read and found blank. */
  markErased(alternate: number, sector: MemorySector): void
  /** Every sector of this memory was erased at once. */
  markAllErased(alternate: number): void
  /** These bytes of the sector were read and are all 0xFF; of its others nothing is known. */
  markBlank(alternate: number, sector: MemorySector, range: ByteRange): void
  /** These bytes of the sector were read and are the wanted ones: they must not get lost any more. */
  markHeld(alternate: number, sector: MemorySector, range: ByteRange): void
  markWritten(alternate: number, sectors: readonly MemorySector[], range: ByteRange): void
}

export function createErasedSectors(): ErasedSectors {
  const writtenSinceErase = new Map<string, ByteRange[]>()
  const everWritten = new Map<string, ByteRange[]>()
  /** Memories that were erased as a whole: sectors without an entry of their own are blank. */
  const wholes = new Set<number>()

  return {
    due: (alternate, sectors, range) => {
      const due = sectors.filter((sector) => sector.isErasable && needsErase(alternate, sector, range))
      for (const sector of due) refuseLoss(sector, everWritten.get(keyOf(alternate, sector)) ?? [], range)
      return due
    },
    markErased: (alternate, sector) => {
      writtenSinceErase.set(keyOf(alternate, sector), [])
      everWritten.delete(keyOf(alternate, sector))
    },
    markAllErased: (alternate) => {
      wholes.add(alternate)
      for (const known of [writtenSinceErase, everWritten]) {
        for (const key of [...known.keys()]) if (key.startsWith(keyOf(alternate, ''))) known.delete(key)
      }
    },
    markBlank: (alternate, sector, range) => {
      const key = keyOf(alternate, sector)
      if (!sinceErase(alternate, sector)) writtenSinceErase.set(key, besides(sector, range))
    },
    markHeld: keep,
    markWritten: (alternate, sectors, range) => {
      for (const sector of sectors) {
        sinceErase(alternate, sector)?.push(range)
        keep(alternate, sector, range)
      }
    },
  }

  /** What was written to a sector since it was blank; undefined where it is not known ever to have been. */
  function sinceErase(alternate: number, sector: MemorySector): ByteRange[] | undefined {
    const key = keyOf(alternate, sector)
    if (wholes.has(alternate) && !writtenSinceErase.has(key)) writtenSinceErase.set(key, [])
    return writtenSinceErase.get(key)
  }

  function keep(alternate: number, sector: MemorySector, range: ByteRange): void {
    const key = keyOf(alternate, sector)
    everWritten.set(key, [...(everWritten.get(key) ?? []), range])
  }

  function needsErase(alternate: number, sector: MemorySector, range: ByteRange): boolean {
    const written = sinceErase(alternate, sector)
    return written === undefined || written.some((each) => overlaps(each, range))
  }
}

function keyOf(alternate: number, sector: MemorySector | ''): string {
  return `${alternate}:${sector === '' ? '' : sector.address}`
}

/** The bytes of a sector on both sides of a range. */
function besides(sector: MemorySector, range: ByteRange): ByteRange[] {
  const sides = [
    { startAddress: sector.address, endAddress: range.startAddress },
    { startAddress: range.endAddress, endAddress: sector.address + sector.sizeBytes },
  ]
  return sides.filter(({ startAddress, endAddress }) => startAddress < endAddress)
}

function overlaps(a: ByteRange, b: ByteRange): boolean {
  return a.startAddress < b.endAddress && b.startAddress < a.endAddress
}

function refuseLoss(sector: MemorySector, written: readonly ByteRange[], range: ByteRange): void {
  const sectorEnd = sector.address + sector.sizeBytes
  const lost = written.find(
    (each) =>
      Math.max(each.startAddress, sector.address) < range.startAddress ||
      Math.min(each.endAddress, sectorEnd) > range.endAddress,
  )
  if (!lost) return
  const bytes = `${addressText(lost.startAddress)}..${addressText(lost.endAddress)}`
  throw new Fault(
    'DFU_ADDRESS_FORBIDDEN',
    `erasing sector ${addressText(sector.address)} would lose bytes written before at ${bytes}`,
  )
}
