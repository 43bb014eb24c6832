// Where the running firmware of each simulated board looks for its modules: places and greatest sizes, as the linker
// scripts of Device OS lay them out. Written apart from the module builder, so that the two prove each other.
import type { SimPlatform } from '../board-parts.ts'
import { type SimFamily, type SimPlatformFacts, simPlatformNames, simPlatformOf } from '../sim-platforms.ts'

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
  readonly family: SimFamily
  /** Where the prefix lies when a vector table comes first. */
  readonly vectorTablePrefix: number
  /** Without the SoftDevice, which has no header in flash: see softDevicePlace. */
  readonly places: readonly ModulePlace[]
  /** Indexes of the parts without which nothing starts: the bootloader stays in DFU mode, or the board is dead. */
  readonly needed: { readonly system: readonly number[]; readonly bootloader: readonly number[] }
}

type FamilyMap = Omit<MemoryMap, 'platformId' | 'family'>

const kilobyte = 1024
const { bootloader, system, user } = moduleFunctions

function place(key: readonly [number, number], starts: readonly number[], maxKilobytes: number): ModulePlace {
  const maxSizeBytes = maxKilobytes * kilobyte
  const [first = 0] = starts
  return { function: key[0], index: key[1], at: { starts }, limit: first + maxSizeBytes, maxSizeBytes }
}

const photonMap: FamilyMap = {
  vectorTablePrefix: 0x184,
  places: [
    place([bootloader, 0], [0x08000000], 16),
    place([system, 1], [0x08020000], 256),
    place([system, 2], [0x08060000], 256),
    place([user, 1], [0x080a0000], 128),
  ],
  needed: { system: [1, 2], bootloader: [0] },
}

/** Three smaller system parts. Their header indexes say nothing of the names of their files. */
const electronMap: FamilyMap = {
  vectorTablePrefix: 0x184,
  places: [
    place([bootloader, 0], [0x08000000], 16),
    place([system, 1], [0x08020000], 128),
    place([system, 2], [0x08040000], 128),
    place([system, 3], [0x08060000], 128),
    place([user, 1], [0x08080000], 128),
  ],
  // Until 0.5.x there were two; from then on the first asks for the third.
  needed: { system: [1, 2], bootloader: [0] },
}

const smallUser = place([user, 1], [0xd4000], 128)

const nrfSmallMap: FamilyMap = {
  vectorTablePrefix: 0x200,
  places: [
    place([bootloader, 0], [0xf4000], 48),
    // The part begins at 0x28000 since 6.1.2, at 0x30000 before; until 3.1.0 it might reach up to 0xD4000.
    { ...place([system, 1], [0x28000, 0x30000], 560), limit: 0xd4000 },
    smallUser,
  ],
  needed: { system: [1], bootloader: [0] },
}

/** Both user places; the 128 KB one wins when both are valid. */
const nrfMap: FamilyMap = { ...nrfSmallMap, places: [...nrfSmallMap.places, place([user, 2], [0xb4000], 256)] }

const rtlMap: FamilyMap = {
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
  needed: { system: [1], bootloader: [1, 0, 2] },
}

function familyMapOf(platform: SimPlatform, { family, userKilobytes }: SimPlatformFacts): FamilyMap {
  if (family === 'rtl872x') return rtlMap
  if (family === 'gen2') return platform === 'electron' ? electronMap : photonMap
  return userKilobytes === 128 ? nrfSmallMap : nrfMap
}

const maps: ReadonlyMap<SimPlatform, MemoryMap> = new Map(
  simPlatformNames.map((platform) => {
    const facts = simPlatformOf(platform)
    const map = { ...familyMapOf(platform, facts), platformId: facts.platformId, family: facts.family }
    return [platform, map]
  }),
)

export function memoryMapOf(platform: SimPlatform): MemoryMap {
  return maps.get(platform) as MemoryMap
}

/** Where a SoftDevice lies on an nRF board, its header dropped. */
export const softDevicePlace = { start: 0x1000, limit: 0x27000 } as const
