// What the library speaks of: sets of modules as they were imported, what a set lacks, news of an import. Plain values;
// the screen, the command line and the planner are written against them.
import type { ImageFile, ImageShelf } from '../../../shared/model/firmware-view.ts'
import type { Sha256 } from '../../../shared/model/ids.ts'
import type { FirmwareModule, ModuleKey, TargetAsset } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import type { FirmwareShelf } from '../ports.ts'
import type { AssetModule, BoardModule, RequiredAsset } from './module-facts.ts'
import type { Refusal } from './refusal.ts'

export type LibraryModule = BoardModule | AssetModule

/** A module a Device OS set should have and has not. */
export interface MissingModule extends ModuleKey {
  /** Least module version that would do; null where any does. */
  readonly version: number | null
  /** "complete Device OS set" or the module that depends on it: "system 1". */
  readonly wantedBy: string
}

/** A raw asset of an application bundle, kept in the library by its SHA-256. */
export interface BundleAsset extends RequiredAsset {
  readonly sizeBytes: number
}

export interface LibrarySet {
  /** SHA-256 over what the set holds: the same files imported twice are one set. */
  readonly id: string
  /** The folder, zip or file it came from. Shown, never trusted. */
  readonly source: string
  readonly importedAt: number
  /** Null for a set of asset modules alone. */
  readonly platform: PlatformName | null
  /** Release of the system parts; null without them, or where the table does not know their version. */
  readonly deviceOsVersion: string | null
  /** The modules a job takes when it takes the set: at most one of each kind and index. */
  readonly modules: readonly BoardModule[]
  /** Kept to be chosen by hand: one of several user parts, modules that lock a board, packed modules, assets. */
  readonly others: readonly LibraryModule[]
  readonly assets: readonly BundleAsset[]
  /** Environment variables of an application bundle. */
  readonly env: Readonly<Record<string, string>> | null
  /** SHA-256 of the master boot record that an imported HEX brought; no board gets it over USB, only a HEX again. */
  readonly bootRecord: Sha256 | null
  /** Where an engineer fetched it from, and the SHA-256 of what came; null for all that came as a file. */
  readonly fetched: FetchedFrom | null
  /** What a complete Device OS set of the platform still lacks; empty means complete. */
  readonly lacks: readonly MissingModule[]
}

export interface FetchedFrom {
  readonly url: string
  readonly sha256: Sha256
}

/** A set as an import left it; `source` is where it came from this time. */
export interface ImportedSet extends LibrarySet {
  /** False when the library already had exactly this set. */
  readonly isNew: boolean
}

export interface ImportReport {
  readonly imported: readonly ImportedSet[]
  readonly refused: readonly Refusal[]
}

export interface ImportProgress {
  /** The file that is being read now. */
  readonly file: string
  /** Files finished, and files in all. */
  readonly done: number
  readonly total: number
}

export interface ImportOptions {
  readonly onProgress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
  /** Looks at every set before anything is stored; the Refusal that it throws is the set's. */
  readonly accept?: (set: Pick<LibrarySet, 'modules' | 'others' | 'source'>) => void
  readonly fetched?: FetchedFrom
}

/** The answer to "which files are Device OS 4.0.2 for a Boron". */
export interface FoundSet {
  readonly set: LibrarySet
  /** The Device OS modules: everything but user parts. A SoftDevice may carry another nRF platform. */
  readonly modules: readonly BoardModule[]
  /** The set's own user part (Tinker), when it has exactly one. */
  readonly user: BoardModule | null
  readonly lacks: readonly MissingModule[]
}

/** An image file as an import left it; `source` is where it came from this time. */
export interface ImportedImage extends ImageFile {
  /** False when the library already had exactly this file. */
  readonly isNew: boolean
}

/** Image files for DFU devices that are no Particle boards: beside the sets, and never one of them. */
export interface LibraryImages {
  /** Each file by itself; folders are not looked into. Rejects only when the library cannot be written. */
  importPaths(paths: readonly string[]): Promise<ImageImport>
  /** The same for one file that a door received as bytes. */
  importUpload(name: string, bytes: Uint8Array): Promise<ImageImport>
  /** All of them, read and checked now. */
  list(): Promise<ImageShelf>
  /** null when the library does not hold it; FIRMWARE_CORRUPT when it is damaged. */
  find(sha256: string): Promise<ImageFile | null>
  /** False when there is none of that name. */
  remove(sha256: string): Promise<boolean>
}

export interface ImageImport {
  readonly imported: readonly ImportedImage[]
  readonly refused: readonly Refusal[]
}

/** The library is the shelf that jobs take their files from, and more. */
export interface FirmwareLibrary extends FirmwareShelf {
  readonly images: LibraryImages
  /**
   * Imports .bin, .zip and .hex files and folders (recursively). A set is taken whole or not at all; one bad set does not
   * stop the others. Rejects only when aborted or when the library itself cannot be written.
   */
  importPaths(paths: readonly string[], options?: ImportOptions): Promise<ImportReport>
  /** The same for one .bin, .zip or .hex that a door received as bytes. */
  importUpload(name: string, bytes: Uint8Array, options?: ImportOptions): Promise<ImportReport>
  /** Every module once for each Device OS version it belongs to, sorted by platform, version and kind. */
  modules(): Promise<readonly LibraryModule[]>
  sets(): Promise<readonly LibrarySet[]>
  /** Files of the index that cannot be read, by name, and images that are not what they were: left out of all answers. */
  damaged(): Promise<readonly string[]>
  /** The set for a platform and release: real firmware before synthetic, then a complete one, one with a user part, then the latest import. */
  findSet(platform: PlatformName, deviceOs: string): Promise<FoundSet | null>
  /** A user part of the platform by SHA-256 or by file name, the latest import first. */
  findUser(platform: PlatformName, wanted: WantedUser): Promise<BoardModule | null>
  /**
   * What the application needs besides: the assets it names, then the environment variables of its bundle.
   * FIRMWARE_MISSING when the library lacks one, FIRMWARE_REFUSED when the platform cannot store them all.
   */
  assetsOf(application: BoardModule): Promise<readonly TargetAsset[]>
  /** The asset as its application names it, not wrapped; faults like those of assetModuleOf. */
  rawAssetOf(asset: TargetAsset): Promise<Uint8Array>
  /** The same library as if it held these sets alone: what a recipe pack means by its recipe. */
  within(setIds: readonly string[]): FirmwareLibrary
  /** Nordic's master boot record, for a HEX of an nRF52840 platform; null when no imported HEX brought one. */
  bootRecordOf(platform: PlatformName): Promise<Uint8Array | null>
  /** The file of a module, checked against its SHA-256 and against its header; FIRMWARE_CORRUPT when either differs. */
  bytesOf(module: FirmwareModule | AssetModule): Promise<Uint8Array>
  /** Takes the set out, and the files that no other set holds. False when there is no such set. */
  remove(setId: string): Promise<boolean>
}

export type WantedUser = { readonly sha256: string } | { readonly fileName: string }
