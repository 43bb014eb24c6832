// Where Device OS keeps a module on its way to its place. The area moved between releases, so the flashed system part
// decides: a host that writes to the area of another release writes into nothing.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { findModule } from './installed-modules.ts'
import { moduleFunctions } from './memory-map.ts'

export interface OtaArea {
  readonly chip: FlashChip
  readonly address: number
  readonly sizeBytes: number
}

/** System module version of 5.5.0, which moved the areas of nRF boards with 4 MB and of RTL boards. */
const movedAreas = 5500
const kilobyte = 1024
const rtlPage = 0x1000

/** Null when the board has no such chip. Before any system part is flashed, the area of the oldest release. */
export function otaAreaOf(platform: SimPlatform, chips: BoardChips): OtaArea | null {
  const part = findModule(platform, chips, { function: moduleFunctions.system, index: 1 })
  const isMoved = (part?.version ?? 0) >= movedAreas
  switch (platform) {
    case 'photon':
      return { chip: chips.internal, address: 0x080c0000, sizeBytes: 128 * kilobyte }
    case 'boron':
      return chips.external && boronArea(chips.external, isMoved)
    case 'p2':
      return p2Area(chips.internal, isMoved ? 0x08300000 : (part?.endAddress ?? 0x08060000) + 4)
  }
}

function boronArea(chip: FlashChip, isMoved: boolean): OtaArea {
  // Since 5.5.0 the rest of the 1500 KB overlaps the asset store.
  if (isMoved) return { chip, address: 0x8024c000, sizeBytes: 592 * kilobyte }
  return { chip, address: 0x80289000, sizeBytes: 1500 * kilobyte }
}

function p2Area(chip: FlashChip, firstFree: number): OtaArea {
  const address = Math.ceil(firstFree / rtlPage) * rtlPage
  return { chip, address, sizeBytes: 1536 * kilobyte }
}
