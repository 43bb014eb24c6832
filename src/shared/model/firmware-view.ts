// The firmware library and the recipes as the doors show them.
import type { FaultReport } from '../fault/fault.ts'
import type { DeviceImage } from './device-image.ts'
import type { Sha256 } from './ids.ts'
import type { FirmwareModule, ModuleKey, TargetAsset } from './module.ts'
import type { RecipeOrigin } from './pack-view.ts'
import type { PlatformName } from './platform.ts'
import type { DfuRecipeDevice, Recipe } from './recipe.ts'

/** Modules that came together and belong together: one platform, one Device OS version. */
export interface FirmwareSet {
  readonly setId: string
  /** null: assets alone, which fit any platform that stores assets. */
  readonly platform: PlatformName | null
  readonly deviceOsVersion: string | null
  readonly modules: readonly FirmwareModule[]
  /** What a complete Device OS set of this platform would have besides; empty when it is complete. */
  readonly missing: readonly ModuleKey[]
  readonly source: string
  readonly importedAt: number
}

export interface ImportRefusal {
  readonly file: string
  /** The class of the reason: CRC_MISMATCH, UNSAFE_PATH... */
  readonly reason: string
  readonly detail: string
}

export interface ImportReport {
  readonly imported: readonly FirmwareSet[]
  readonly refused: readonly ImportRefusal[]
}

/** A file for DFU devices that are no Particle boards, as the library keeps it. */
export interface ImageFile {
  /** Its name in recipes. */
  readonly sha256: Sha256
  readonly sizeBytes: number
  /** The file it came from. Shown, never trusted. */
  readonly source: string
  readonly importedAt: number
  /** One for each firmware in it: a cabinet may hold several, any other file holds one. */
  readonly images: readonly DeviceImage[]
}

export interface ImageShelf {
  /** The latest import first. */
  readonly files: readonly ImageFile[]
  /** Names of files and index records that are damaged: importing the file again mends it. */
  readonly damaged: readonly string[]
}

export interface ImageImportReport {
  readonly imported: readonly ImageFile[]
  readonly refused: readonly ImportRefusal[]
}

export interface ImportProgress {
  /** The file being read; null when the import has ended. */
  readonly file: string | null
  readonly done: number
  readonly total: number
}

/** A Device OS release that the library holds for a platform. */
export interface HeldRelease {
  readonly deviceOs: string
  /** The set that a job takes for it. */
  readonly setId: string
  readonly isPreRelease: boolean
  /** The latest complete release of its line. */
  readonly isRecommended: boolean
  readonly isSynthetic: boolean
  /** It brings user firmware of its own (Tinker). */
  readonly hasUserFirmware: boolean
  /** Modules that a complete set would have besides. */
  readonly lacks: readonly ModuleKey[]
}

export interface ReleaseLine {
  /** "6.x" */
  readonly name: string
  /** A line with long-term support. */
  readonly isLongTerm: boolean
  /** Newest first, releases before pre-releases. */
  readonly releases: readonly HeldRelease[]
}

export interface PlatformReleases {
  readonly platform: PlatformName
  /** Newest first. */
  readonly lines: readonly ReleaseLine[]
}

/** User firmware that was fetched from an address and is in the library now. */
export interface FetchedFirmware {
  /** Where it was in the end, after redirects. */
  readonly url: string
  /** Of what was fetched: a recipe names it by this. */
  readonly sha256: Sha256
  readonly sizeBytes: number
  readonly platform: PlatformName
  /** SHA-256 of the user part, which a bundle wraps. */
  readonly userSha256: Sha256
  readonly isNew: boolean
}

/** What a recipe means for one platform, from the library of this station. */
export interface RecipeTarget {
  readonly platform: PlatformName
  readonly deviceOs: string | null
  readonly modules: readonly FirmwareModule[]
  /** What the user firmware needs besides, in the order it names them. */
  readonly assets: readonly TargetAsset[]
  /** Why another Device OS than the one asked for is taken; null when it is that one. */
  readonly note: string | null
  /** Why this platform cannot be flashed with this recipe, or null when all is there. */
  readonly fault: FaultReport | null
}

/** What a recipe means for one kind of DFU device that is no Particle board. */
export interface DeviceTarget {
  /** As the recipe has it, with its image named by SHA-256. */
  readonly wish: DfuRecipeDevice
  /** null where nothing is compared, and where it cannot be had: then the fault says why. */
  readonly image: DeviceImage | null
  readonly fault: FaultReport | null
}

export interface RecipeView {
  readonly recipeId: Sha256
  readonly recipe: Recipe
  /** Of a recipe for Particle boards; empty elsewhere. */
  readonly targets: readonly RecipeTarget[]
  /** Of a recipe for other DFU devices; empty elsewhere. */
  readonly devices: readonly DeviceTarget[]
  readonly isActive: boolean
  readonly origin: RecipeOrigin
}

/** A recipe with everything it needs, ready for a job: what the station core works from. */
export interface ResolvedRecipe {
  readonly recipe: Recipe
  readonly sha256: Sha256
  /** Of a recipe for Particle boards; empty elsewhere. */
  readonly targets: readonly RecipeTarget[]
  /** Of a recipe for other DFU devices, in its order; empty elsewhere. */
  readonly devices: readonly DeviceTarget[]
}
