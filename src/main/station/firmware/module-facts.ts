// Everything a module file says about itself, checked: the model's FirmwareModule plus the header facts that only this
// folder needs. Numbers are as in the file; "none" is null, never -1.
import type { Sha256 } from '../../../shared/model/ids.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'

/** An asset to be stored beside an application; it carries platform 0 and fits any board that stores assets. */
export interface AssetModule extends Omit<FirmwareModule, 'platform' | 'kind'> {
  readonly platform: 'any'
  readonly kind: 'asset'
  readonly assetName: string
  /** Of the raw asset, as an application names it. */
  readonly assetSha256: Sha256
}

export interface RequiredAsset {
  readonly name: string
  readonly sha256: Sha256
}

/** A module for a board, with what else its extensions ask for. */
export interface BoardModule extends FirmwareModule {
  /** Assets that the application needs on the board (extension ASSET_DEPENDENCY). */
  readonly requiredAssets: readonly RequiredAsset[]
  /** True when the module puts the board into security mode; an offline station could never serve it again. */
  readonly locksBoard: boolean
}

export interface ModuleFacts {
  readonly module: BoardModule | AssetModule
  readonly platformId: number
  readonly functionId: number
  readonly flags: number
  /** MCU target byte: 0, or the network processor an NCP module is for. */
  readonly mcuTarget: number
  readonly prefixOffset: number
  /** 24, or more with prefix extensions. */
  readonly prefixSizeBytes: number
  readonly suffixSizeBytes: number
  readonly productId: number | null
  readonly productVersion: number | null
  /** Stored CRC-32 as eight hex digits, in file order. */
  readonly crc: string
  /** whole: SHA-256 over all but the last 38 bytes. payload: over bytes 24 to length - 40 (SoftDevice and NCP files). */
  readonly hashCovers: 'whole' | 'payload'
  readonly extensions: readonly ModuleExtension[]
  /** The module inside: the second of a combined file, or the original of a compressed one. */
  readonly inner: ModuleFacts | null
  /** What lies packed in the file: the raw asset of an asset module, the original of a compressed one; else null. */
  readonly unpacked: Uint8Array | null
}

/** One extension record. `sizeBytes` includes its own 4 bytes of type and length. */
export interface ModuleExtension {
  readonly where: 'prefix' | 'suffix'
  readonly type: number
  readonly sizeBytes: number
  readonly data: Uint8Array
}
