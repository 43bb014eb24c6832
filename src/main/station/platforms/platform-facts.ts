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

export interface Platform {
  readonly id: number
  readonly name: PlatformName
  readonly title: string
  readonly mcu: McuFamily
  readonly isCellular: boolean
  /** True when this version flashes it; other platforms can be imported into the library. */
  readonly isServed: boolean
  readonly modules: readonly ModuleBounds[]
  /** Modules that exist for the platform and that the station refuses by name. */
  readonly forbidden: readonly ForbiddenModule[]
  /** What a complete Device OS set of the platform holds, besides what its modules depend on. */
  readonly deviceOsModules: readonly ModuleKey[]
  readonly otaAreas: readonly OtaArea[]
  readonly protectedRanges: readonly ProtectedRange[]
  /** Longest asset module that the platform stores; null where it stores none. */
  readonly maxAssetBytes: number | null
}
