// The factory reset image: a user part kept aside, which the bootloader puts in its place when a factory reset is asked
// for. RTL boards have none.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { memoryMapOf, moduleFunctions } from './memory-map.ts'
import { scheduleModule } from './pending-update.ts'
import { type FlashedModule, readModule } from './read-module.ts'

export interface FactoryPlace {
  readonly chip: FlashChip
  readonly address: number
  readonly sizeBytes: number
}

const kilobyte = 1024
const smallExternalBytes = 4096 * kilobyte

export function factoryPlaceOf(platform: SimPlatform, chips: BoardChips): FactoryPlace | null {
  switch (simPlatformOf(platform).family) {
    case 'gen2': {
      const address = platform === 'electron' ? 0x080a0000 : 0x080e0000
      return { chip: chips.internal, address, sizeBytes: 128 * kilobyte }
    }
    case 'nrf52': {
      const chip = chips.external
      if (!chip) return null
      const offset = chip.sizeBytes > smallExternalBytes ? 0x600000 : 0x200000
      return { chip, address: chip.base + offset, sizeBytes: 256 * kilobyte }
    }
    case 'rtl872x':
      return null
  }
}

/** The user part in the place, intact or not; null when there is no header of one. */
export function factoryImageOf(platform: SimPlatform, chips: BoardChips): FlashedModule | null {
  const place = factoryPlaceOf(platform, chips)
  const map = memoryMapOf(platform)
  const module = place && readModule(place.chip, place.address, { ...map, maxSizeBytes: place.sizeBytes })
  return module?.function === moduleFunctions.user ? module : null
}

/** For the bootloader at the next reset; nothing when there is no valid image. */
export function scheduleFactoryReset(platform: SimPlatform, chips: BoardChips): void {
  const place = factoryPlaceOf(platform, chips)
  const image = factoryImageOf(platform, chips)
  if (place && image?.isIntact) scheduleModule(chips, { ...place, sizeBytes: image.sizeBytes })
}
