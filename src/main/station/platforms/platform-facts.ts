// The shape of what the station knows of a platform. Rows are in module-bounds.ts, their names in platforms.ts.
import type { ModuleKey } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'

export type McuFamily = 'stm32f2' | 'nrf52840' | 'rtl872x'

/** Where a module of one kind and index may lie. Sizes include the CRC, addresses are flash addresses of the chip. */
export interface ModuleBounds extends ModuleKey {
  /** DFU alternate setting that takes it at its own address; null: it goes by control request, never over DFU. */
  readonly alternate: number | null
  /** start: begins at one of `starts`. end: ends exactly at `limit` and grows downwards. store: no flash address. */
  readonly anchor: 'start' | 'end' | 'store'
  readonly starts: readonly number[]
  readonly address: number
  /** Exclusive: the byte after the last that may belong to the module and its CRC. */
  readonly limit: number
  readonly maxSizeBytes: number
  /** The row holds from this module version on; a later row of the same key replaces it. */
  readonly sinceVersion: number
}

export interface OtaArea {
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
  /** From this system module version on. Device OS moved the area; the address is that of the system that starts. */
  readonly sinceSystemVersion: number
}

/** Bytes no host may write or erase over DFU: loss bricks the board. */
export interface ProtectedRange {
  readonly alternate: number
  readonly address: number
  /** Exclusive. */
  readonly end: number
  readonly what: string
}

export interface ForbiddenModule extends ModuleKey {
  readonly reason: string
}

/** Where a board keeps the application that a factory reset restores. The place is reached over DFU, never erased by it. */
export interface FactoryImagePlace {
  readonly alternate: number
  readonly address: number
  /** Longest application that fits, CRC included. */
  readonly sizeBytes: number
  /**
   * The place holds where the external flash has this size; null: on every board. An Electron 2 may carry 4 or 8 MB, which
   * only the memory string of its alternate setting 2 tells: 1024 or 2048 sectors of 4 KB.
   */
  readonly externalFlashBytes: number | null
}

/** The byte of the device configuration that says a board was set up: 0x01 done, 0xFF not. Written without erase. */
export interface SetupDoneByte {
  readonly alternate: number
  readonly address: number
  readonly done: number
  readonly notDone: number
  /** Device OS of this system module version and later take every board for set up, whatever the byte says. */
  readonly belowSystemVersion: number
}

export interface Platform {
  readonly id: number
  readonly name: PlatformName
  readonly title: string
  readonly mcu: McuFamily
  readonly isCellular: boolean
  readonly modules: readonly ModuleBounds[]
  /** Modules that exist for the platform and that the station refuses by name. */
  readonly forbidden: readonly ForbiddenModule[]
  /** What a complete Device OS set of the platform holds, besides what its modules depend on. */
  readonly deviceOsModules: readonly ModuleKey[]
  readonly otaAreas: readonly OtaArea[]
  readonly protectedRanges: readonly ProtectedRange[]
  /** Longest asset module that the platform stores; null where it stores none. */
  readonly maxAssetBytes: number | null
  /** Blocks of 4 KiB of the asset store, those it keeps for itself included; null where there is none. */
  readonly assetBlocks: number | null
  /** Factory reset images, one for each size of external flash the platform may have; empty where there are none (RTL). */
  readonly factoryImages: readonly FactoryImagePlace[]
  /** Null where the family never had the byte (Gen 2, RTL). */
  readonly setupDone: SetupDoneByte | null
}
