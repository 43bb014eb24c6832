// Where the running firmware of each simulated board looks for its modules: place, greatest size and OTA area, as the
// linker scripts of Device OS lay them out. Written apart from the module builder, so that the two prove each other.
import type { SimPlatform } from '../board-parts.ts'

/** Module functions of the header (module_info.h). */
export const moduleFunctions = { bootloader: 2, mono: 3, system: 4, user: 5, ncp: 7, radio: 8, asset: 9 } as const

/** One place for a module on a board. */
export interface ModulePlace {
  readonly function: number
  readonly index: number
  /** Start addresses the firmware looks at, in its order; for `end` places the fixed end, CRC included. */
  readonly at: { readonly starts: readonly number[] } | { readonly end: number }
  /** First address past the place. */
  readonly limit: number
  readonly maxSizeBytes: number
}

export interface MemoryMap {
  readonly platformId: number
  /** Where the prefix lies when a vector table comes first. */
  readonly vectorTablePrefix: number
  readonly places: readonly ModulePlace[]
}

const kilobyte = 1024
const { bootloader, system, user } = moduleFunctions

function place(key: readonly [number, number], starts: readonly number[], maxKilobytes: number): ModulePlace {
  const maxSizeBytes = maxKilobytes * kilobyte
  const [first = 0] = starts
  return { function: key[0], index: key[1], at: { starts }, limit: first + maxSizeBytes, maxSizeBytes }
}

const maps: Record<SimPlatform, MemoryMap> = {
  photon: {
    platformId: 6,
    vectorTablePrefix: 0x184,
    places: [
      place([bootloader, 0], [0x08000000], 16),
      place([system, 1], [0x08020000], 256),
      place([system, 2], [0x08060000], 256),
      place([user, 1], [0x080a0000], 128),
    ],
  },
  boron: {
    platformId: 13,
    vectorTablePrefix: 0x200,
    places: [
      place([bootloader, 0], [0xf4000], 48),
      // The part begins at 0x28000 since 6.1.2, at 0x30000 before; until 3.1.0 it might reach up to 0xD4000.
      { ...place([system, 1], [0x28000, 0x30000], 560), limit: 0xd4000 },
      // Both user places; the 128 KB one wins when both are valid.
      place([user, 1], [0xd4000], 128),
      place([user, 2], [0xb4000], 256),
    ],
  },
  p2: {
    platformId: 32,
    vectorTablePrefix: 0x200,
    places: [
      place([bootloader, 1], [0x08000000], 16),
      place([bootloader, 0], [0x08004000], 64),
      place([bootloader, 2], [0x08014000], 296),
      place([system, 1], [0x08060000], 1536),
      {
        function: user,
        index: 1,
        at: { end: 0x08600000 },
        limit: 0x08600000,
        maxSizeBytes: 1536 * kilobyte,
      },
    ],
  },
}

export function memoryMapOf(platform: SimPlatform): MemoryMap {
  return maps[platform]
}

/** Where a SoftDevice lies, its header dropped. */
export const softDevicePlace = { start: 0x1000, limit: 0x27000 } as const
