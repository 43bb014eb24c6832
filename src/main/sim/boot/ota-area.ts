// Where Device OS keeps a module on its way to its place. The area moved between releases, so the flashed system part
// decides: a host that writes to the area of another release writes into nothing.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { findModule } from './installed-modules.ts'
import { memoryMapOf, moduleFunctions } from './memory-map.ts'

export interface OtaArea {
  readonly chip: FlashChip
  readonly address: number
  readonly sizeBytes: number
}

/** System module version of 5.5.0, which moved the areas of nRF boards with 4 MB and of RTL boards. */
const movedAreas = 5500
const kilobyte = 1024
const fourMegabytes = 4096 * kilobyte
const rtlPage = 0x1000

/** Null when the board has no such chip. Before any system part is flashed, the area of the oldest release. */
export function otaAreaOf(platform: SimPlatform, chips: BoardChips): OtaArea | null {
  const part = findModule(platform, chips, { function: moduleFunctions.system, index: 1 })
  const isMoved = (part?.version ?? 0) >= movedAreas
  switch (memoryMapOf(platform).family) {
    case 'gen2':
      return { chip: chips.internal, address: 0x080c0000, sizeBytes: 128 * kilobyte }
    case 'nrf52':
      return chips.external && nrfArea(chips.external, isMoved)
    case 'rtl872x':
      return rtlArea(chips.internal, isMoved ? 0x08300000 : (part?.endAddress ?? 0x08060000) + 4)
  }
}

/** Parts of 8 MB have room for the asset store elsewhere: their area never moved. */
function nrfArea(chip: FlashChip, isMoved: boolean): OtaArea {
  const sizeBytes = 1500 * kilobyte
  if (chip.sizeBytes > fourMegabytes) return { chip, address: 0x80689000, sizeBytes }
  // What lies past the first 592 KB since 5.5.0 is the asset store: a longer module destroys it.
  return { chip, address: isMoved ? 0x8024c000 : 0x80289000, sizeBytes }
}

function rtlArea(chip: FlashChip, firstFree: number): OtaArea {
  const address = Math.ceil(firstFree / rtlPage) * rtlPage
  return { chip, address, sizeBytes: 1536 * kilobyte }
}
