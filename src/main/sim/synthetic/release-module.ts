// One module of a release as the tables of the three chip families write it down: a file of a restore set and the spec
// of its bytes.
import type { SimPlatform } from '../board-parts.ts'
import type { ModuleSpec, SyntheticDependency } from './module-spec.ts'

export interface ReleaseModule {
  /** Name of the file in a restore set. */
  readonly file: string
  readonly spec: ModuleSpec
}

/** A release of one platform; the seed picks its user firmware. */
export interface ReleaseRequest<Row> {
  readonly platform: SimPlatform
  readonly row: Row
  readonly userSeed: string
}

/** Module version and file size. */
export type Sized = readonly [version: number, sizeBytes: number]

export const onSystem = (version: number): SyntheticDependency => ({ kind: 'system', index: 1, version })
export const onBootloader = (version: number, index = 0): SyntheticDependency => ({
  kind: 'bootloader',
  index,
  version,
})
