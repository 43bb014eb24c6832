// Flash maps by chip family: the rows that platforms.ts joins with the platform names. Addresses are those of the
// Device OS module bounds; every bound is checked by the importer and again by the planner.
import type { ModuleKey } from '../../../shared/model/module.ts'
import type { FactoryImagePlace, ModuleBounds, Platform, SetupDoneByte } from './platform-facts.ts'

export type MemoryFacts = Pick<
  Platform,
  | 'modules'
  | 'forbidden'
  | 'deviceOsModules'
  | 'otaAreas'
  | 'protectedRanges'
  | 'maxAssetBytes'
  | 'assetBlocks'
  | 'factoryImages'
  | 'setupDone'
>

const KiB = 1024
const MiB = 1024 * KiB

const bootloader: ModuleKey = { kind: 'bootloader', index: 0 }
const system1: ModuleKey = { kind: 'system', index: 1 }
const system2: ModuleKey = { kind: 'system', index: 2 }
const system3: ModuleKey = { kind: 'system', index: 3 }
const user1: ModuleKey = { kind: 'user', index: 1 }
const user2: ModuleKey = { kind: 'user', index: 2 }
const mono: ModuleKey = { kind: 'mono', index: 0 }

function fixed(key: ModuleKey, address: number, sizeBytes: number): ModuleBounds {
  return movable(key, [address], address + sizeBytes)
}

function movable(key: ModuleKey, starts: readonly number[], limit: number): ModuleBounds {
  const address = Math.min(...starts)
  // Bootloaders go by control request: Device OS swaps them safely, and over DFU a cut cable would brick the board.
  const alternate = key.kind === 'bootloader' ? null : 0
  return { ...key, alternate, anchor: 'start', starts, address, limit, maxSizeBytes: limit - address, sinceVersion: 0 }
}

// Gen 2: the first 128 KiB hold bootloader, DCT and a sector that no bootloader writes, although it is marked writable.
const gen2Common = {
  forbidden: [
    {
      ...mono,
      reason: 'monolithic firmware (such as the RC4 unlocker) replaces the system parts; it is never flashed',
    },
  ],
  otaAreas: [{ alternate: 0, address: 0x080c_0000, sizeBytes: 128 * KiB, sinceSystemVersion: 0 }],
  protectedRanges: [
    { alternate: 0, address: 0x0800_0000, end: 0x0802_0000, what: 'bootloader and DCT, below the system parts' },
  ],
  maxAssetBytes: null,
  assetBlocks: null,
  setupDone: null,
} as const

/** Gen 2 keeps it in the program flash; an Electron, whose user part lies lower, directly behind that part. */
const gen2FactoryImage = (address: number): readonly FactoryImagePlace[] => [
  { alternate: 0, address, sizeBytes: 128 * KiB, externalFlashBytes: null },
]

export const gen2Photon: MemoryFacts = {
  ...gen2Common,
  deviceOsModules: [bootloader, system1, system2],
  modules: [
    fixed(bootloader, 0x0800_0000, 16 * KiB),
    fixed(system1, 0x0802_0000, 256 * KiB),
    fixed(system2, 0x0806_0000, 256 * KiB),
    fixed(user1, 0x080a_0000, 128 * KiB),
  ],
  factoryImages: gen2FactoryImage(0x080e_0000),
}

// System 3 came with the three-part era; where a release has it, its system 1 depends on it.
export const gen2Electron: MemoryFacts = {
  ...gen2Common,
  deviceOsModules: [bootloader, system1, system2],
  modules: [
    fixed(bootloader, 0x0800_0000, 16 * KiB),
    fixed(system1, 0x0802_0000, 128 * KiB),
    fixed(system2, 0x0804_0000, 128 * KiB),
    fixed(system3, 0x0806_0000, 128 * KiB),
    fixed(user1, 0x0808_0000, 128 * KiB),
  ],
  factoryImages: gen2FactoryImage(0x080a_0000),
}

/** System module version of Device OS 3.1.0: the 256 KiB user part takes the space above 0xB4000 from then on. */
const version310 = 3103
const systemStarts = [0x2_8000, 0x3_0000]

const nrfSetupDone: SetupDoneByte = {
  alternate: 1,
  address: 8134,
  done: 0x01,
  notDone: 0xff,
  belowSystemVersion: 4000,
}

// The bootloader counts the external flash from 0x80000000; without that offset a host would write nowhere.
const image4Megabyte = { alternate: 2, address: 0x8020_0000, sizeBytes: 256 * KiB, externalFlashBytes: 4 * MiB }
const image8Megabyte = { alternate: 2, address: 0x8060_0000, sizeBytes: 256 * KiB, externalFlashBytes: 8 * MiB }
const known = (place: FactoryImagePlace): FactoryImagePlace => ({ ...place, externalFlashBytes: null })

const nrfBase = {
  forbidden: [],
  setupDone: nrfSetupDone,
  deviceOsModules: [bootloader, system1, { kind: 'radio', index: 0 }],
  protectedRanges: [
    { alternate: 0, address: 0, end: 0x1000, what: 'Nordic master boot record' },
    { alternate: 0, address: 0x2_7000, end: 0x2_8000, what: 'parameters of the master boot record' },
    { alternate: 0, address: 0xf_4000, end: 0x10_0000, what: 'bootloader' },
  ],
} as const satisfies Partial<MemoryFacts>

const nrfFixedModules: readonly ModuleBounds[] = [
  fixed(bootloader, 0xf_4000, 48 * KiB),
  fixed({ kind: 'radio', index: 0 }, 0x1000, 0x2_6000),
  movable(mono, systemStarts, 0xf_4000),
  movable(system1, systemStarts, 0xd_4000),
  fixed(user1, 0xd_4000, 128 * KiB),
]

const nrfModules: readonly ModuleBounds[] = [
  ...nrfFixedModules,
  { ...movable(system1, systemStarts, 0xb_4000), sinceVersion: version310 },
  fixed(user2, 0xb_4000, 256 * KiB),
]

const smallQspiOta = [
  { alternate: 2, address: 0x8028_9000, sizeBytes: 1500 * KiB, sinceSystemVersion: 0 },
  { alternate: 2, address: 0x8024_c000, sizeBytes: 1500 * KiB, sinceSystemVersion: 5500 },
] as const

export const nrf4Megabyte: MemoryFacts = {
  ...nrfBase,
  modules: nrfModules,
  otaAreas: smallQspiOta,
  maxAssetBytes: 592 * KiB,
  assetBlocks: 288,
  factoryImages: [known(image4Megabyte)],
}

export const nrf8Megabyte: MemoryFacts = {
  ...nrfBase,
  modules: nrfModules,
  otaAreas: [{ alternate: 2, address: 0x8068_9000, sizeBytes: 1500 * KiB, sinceSystemVersion: 0 }],
  maxAssetBytes: 1536 * KiB,
  assetBlocks: 512,
  factoryImages: [known(image8Megabyte)],
}

/**
 * Electron 2: Device OS names a flash of 4 MB for it, Particle's constants count assets as on 8 MB, so the size is open
 * until the board shows its alternate setting 2. What must hold on both is taken from the smaller flash.
 */
export const nrfOpenMegabyte: MemoryFacts = {
  ...nrf4Megabyte,
  factoryImages: [image4Megabyte, image8Megabyte],
}

/** Platforms whose Device OS ended before 3.1.0: only the 128 KiB user part exists, and no assets. */
export const nrfSmallUser: MemoryFacts = {
  ...nrfBase,
  modules: nrfFixedModules,
  otaAreas: [smallQspiOta[0]],
  maxAssetBytes: null,
  assetBlocks: null,
  factoryImages: [known(image4Megabyte)],
}

/** The ESP32 network processor beside the chip keeps its own firmware: no flash address, bounded by the OTA area. */
export function withNcp(memory: MemoryFacts): MemoryFacts {
  const ncp: ModuleBounds = {
    kind: 'ncp',
    index: 0,
    alternate: null,
    anchor: 'store',
    starts: [0],
    address: 0,
    limit: 1500 * KiB,
    maxSizeBytes: 1500 * KiB,
    sinceVersion: 0,
  }
  return { ...memory, modules: [...memory.modules, ncp] }
}

const rtlUserEnd = 0x0860_0000
const rtlUserMax = 1536 * KiB

export const rtl: MemoryFacts = {
  modules: [
    fixed(bootloader, 0x0800_4000, 64 * KiB),
    fixed({ kind: 'bootloader', index: 2 }, 0x0801_4000, 296 * KiB),
    fixed(system1, 0x0806_0000, 1536 * KiB),
    {
      ...user1,
      alternate: 0,
      anchor: 'end',
      starts: [],
      address: rtlUserEnd - rtlUserMax,
      limit: rtlUserEnd,
      maxSizeBytes: rtlUserMax,
      sinceVersion: 0,
    },
  ],
  forbidden: [
    {
      kind: 'bootloader',
      index: 1,
      reason: 'prebootloader-mbr is made for one board alone; writing it bricks the board, so it is never flashed',
    },
  ],
  deviceOsModules: [bootloader, { kind: 'bootloader', index: 2 }, system1],
  otaAreas: [{ alternate: 0, address: 0x0830_0000, sizeBytes: 1536 * KiB, sinceSystemVersion: 5500 }],
  protectedRanges: [
    { alternate: 0, address: 0x0800_0000, end: 0x0806_0000, what: 'boot record, bootloaders and boot info' },
  ],
  maxAssetBytes: 1152 * KiB,
  assetBlocks: 288,
  factoryImages: [],
  setupDone: null,
}
