// A firmware module as the station speaks of it: what a file holds, and what a board reports.
import type { Sha256 } from './ids.ts'
import type { PlatformName } from './platform.ts'

/**
 * Stands in the payload of every module that the station builds out of noise, for the demo and for simulated boards:
 * bytes with it are no program and never reach hardware.
 */
export const syntheticMark = 'DFU Station: synthetic module, noise, no program'

/** Module kinds, named after the functions of the module header (Device OS module_info.h). */
export type ModuleKind = 'bootloader' | 'mono' | 'system' | 'user' | 'ncp' | 'radio' | 'asset'

/** Kind and index name the place of a module on a board: "system 1", "bootloader 2". */
export interface ModuleKey {
  readonly kind: ModuleKind
  readonly index: number
}

export interface ModuleDependency extends ModuleKey {
  /** Least module version that satisfies the dependency. */
  readonly version: number
}

/** One valid module file: header facts, checked. Addresses are flash addresses of the chip. */
export interface FirmwareModule extends ModuleKey {
  readonly platform: PlatformName
  /** Module version: a counter of its kind, not a release number. */
  readonly version: number
  /** Release text ("4.0.2") where the version is known, else null. */
  readonly deviceOsVersion: string | null
  readonly startAddress: number
  /** Exclusive; the 4 CRC bytes follow. */
  readonly endAddress: number
  /** Length of the file. */
  readonly sizeBytes: number
  /** SHA-256 of the whole file: the name of the module in the library. */
  readonly sha256: Sha256
  /** The hash in the module's own suffix, which Device OS 5.6.0 and later reports back. */
  readonly suffixSha256: Sha256
  /** Header flag DROP_MODULE_INFO: the first 24 bytes are not stored on the board. */
  readonly dropsHeader: boolean
  readonly isCompressed: boolean
  readonly isCombined: boolean
  /** Its bytes contain the synthetic mark: for simulated boards only. */
  readonly isSynthetic: boolean
  readonly dependencies: readonly ModuleDependency[]
  /** Where it came from: "boron.zip: system-part1.bin". Shown, never trusted. */
  readonly source: string
}

/** A raw asset that an application needs on the board; it travels there wrapped into an asset module. */
export interface TargetAsset {
  readonly name: string
  /** Of the raw asset, as the application names it and Device OS reports it (request 91). */
  readonly sha256: Sha256
  readonly sizeBytes: number
  /** env: the environment variables of an application bundle, encoded (asset type 1). */
  readonly type: 'plain' | 'env'
}

/** Checks a board has made on a module of its own; `unchecked` where it says nothing. */
export type CheckResult = 'passed' | 'failed' | 'unchecked'

/** One module as the running Device OS reports it (request 90). */
export interface ReportedModule extends ModuleKey {
  readonly version: number
  readonly sizeBytes: number
  readonly store: 'main' | 'factory' | 'backup' | 'scratchpad'
  readonly integrity: CheckResult
  readonly dependenciesMet: CheckResult
  readonly range: CheckResult
  readonly platform: CheckResult
  /** Suffix hash, reported by Device OS 5.6.0 and later; null when the board does not say. */
  readonly suffixSha256: Sha256 | null
  readonly dependencies: readonly ModuleDependency[]
}

/** The place of a module, or of the copy of the user firmware that a factory reset restores. */
interface PlaceKey {
  readonly kind: ModuleKind | 'factory'
  readonly index: number
}

export function sameModule(a: PlaceKey, b: PlaceKey): boolean {
  return a.kind === b.kind && a.index === b.index
}

/** "valid", or the checks that were not passed: "integrity passed, dependencies failed". */
export function validityText(checks: Pick<ReportedModule, 'integrity' | 'dependenciesMet'>): string {
  const { integrity, dependenciesMet } = checks
  if (integrity === 'passed' && dependenciesMet === 'passed') return 'valid'
  return `integrity ${integrity}, dependencies ${dependenciesMet}`
}

/** "system 1": the same words on screen, in CSV and in faults. */
export function moduleName(key: PlaceKey): string {
  return key.index === 0 ? key.kind : `${key.kind} ${key.index}`
}
