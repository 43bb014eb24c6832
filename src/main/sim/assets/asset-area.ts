// Where a board keeps its assets: the last pages of a 4 MB QSPI flash, the middle of an 8 MB one, a range of the one
// flash of RTL boards. Gen 2 has no assets.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { systemVersionOf } from '../boot/installed-modules.ts'
import { simPlatformOf } from '../sim-platforms.ts'

export interface AssetArea {
  readonly chip: FlashChip
  readonly address: number
  readonly blocks: number
}

const blockBytes = 4096
const smallExternalBytes = 4 * 1024 * 1024

/** Null where the board or its Device OS (before 5.5.0) knows no assets. */
export function assetAreaOf(platform: SimPlatform, chips: BoardChips): AssetArea | null {
  if ((systemVersionOf(platform, chips) ?? 0) < since.assets) return null
  switch (simPlatformOf(platform).family) {
    case 'gen2':
      return null
    case 'nrf52':
      return chips.external && nrfArea(chips.external)
    case 'rtl872x':
      return { chip: chips.internal, address: 0x081e0000, blocks: 288 }
  }
}

function nrfArea(chip: FlashChip): AssetArea {
  if (chip.sizeBytes > smallExternalBytes) return { chip, address: chip.base + 0x400000, blocks: 512 }
  return { chip, address: chip.base + chip.sizeBytes - 288 * blockBytes, blocks: 288 }
}
