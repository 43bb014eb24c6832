// The account of each target through a job: before, target, after, and how it was proven. Kept as the job goes, so that a
// record that ends early still says what was reached.
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { Sha256 } from '../../../shared/model/ids.ts'
import { type FirmwareModule, type ModuleKey, sameModule, type TargetAsset } from '../../../shared/model/module.ts'
import type { FactoryImage, ModulePlace, Plan } from '../../../shared/model/plan.ts'
import type { ModuleRecord } from '../../../shared/model/record.ts'
import { holdsAsset } from './plan-assets.ts'
import { versionOn } from './system-versions.ts'

/** Reason of a module whose writing began: the board may hold any part of it. */
export const notFinished = 'begun and not finished'

/** What an entry of the account is found by. */
export type RecordKey = Pick<ModuleRecord, 'kind' | 'index'>

export interface ModuleBook {
  records(): readonly ModuleRecord[]
  note(key: RecordKey, change: Partial<ModuleRecord>): void
  /** SHA-256 of the bytes that were read back and found equal to the file's, or null. */
  readBackOf(key: RecordKey): Sha256 | null
  actionOf(key: RecordKey): ModuleRecord['action'] | null
  /** The board keeps its own for good reason: no target any more. */
  release(key: RecordKey): void
  isReleased(key: RecordKey): boolean
  /** The first entry that must have a proof and has none, or does not end as it should. */
  unproven(): ModuleRecord | null
}

export function openModuleBook(board: ParticleIdentity, plan: Plan): ModuleBook {
  let records: readonly ModuleRecord[] = [
    ...plan.targets.map((module) => moduleEntry(board, plan, module)),
    ...(plan.factory ? [factoryEntry(board, plan.factory)] : []),
    ...plan.assets.map((asset, at) => assetEntry(board, plan, { asset, position: at + 1 })),
  ]
  const released: RecordKey[] = []
  const entryOf = (key: RecordKey) => records.find((entry) => sameModule(entry, key))
  const note = (key: RecordKey, change: Partial<ModuleRecord>) => {
    records = records.map((entry) => (sameModule(entry, key) ? { ...entry, ...change } : entry))
  }
  return {
    records: () => records,
    note,
    readBackOf: (key) => entryOf(key)?.readBackSha256 ?? null,
    actionOf: (key) => entryOf(key)?.action ?? null,
    release: (key) => {
      released.push(key)
      records = records.filter((entry) => !sameModule(entry, key))
    },
    isReleased: (key) => released.some((each) => sameModule(each, key)),
    unproven: () => records.find((entry) => entry.proof === 'none' || entry.after !== entry.target) ?? null,
  }
}

/** The entry that a step in DFU mode is about. */
export function keyAt(module: FirmwareModule, place: ModulePlace): RecordKey {
  return { kind: place === 'factory' ? 'factory' : module.kind, index: module.index }
}

export function assetKey(position: number): ModuleKey {
  return { kind: 'asset', index: position }
}

const open = { after: null, readBackSha256: null, proof: 'none', action: 'not reached', reason: null } as const

function moduleEntry(board: ParticleIdentity, plan: Plan, module: FirmwareModule): ModuleRecord {
  const { kind, index, version, sha256 } = module
  const before = versionOn(board, module)
  return { ...open, kind, index, before, target: version, sha256, ...skippedAs(plan, module) }
}

function factoryEntry(board: ParticleIdentity, { module }: FactoryImage): ModuleRecord {
  const reported = board.modules.known ? board.modules.value : []
  const before = reported.find(({ kind, store }) => kind === 'user' && store === 'factory')?.version ?? null
  return { ...open, ...keyAt(module, 'factory'), before, target: module.version, sha256: module.sha256 }
}

interface PlacedAsset {
  readonly asset: TargetAsset
  readonly position: number
}

function assetEntry(board: ParticleIdentity, plan: Plan, { asset, position }: PlacedAsset): ModuleRecord {
  const before = board.assets.known && holdsAsset(board.assets.value, asset) ? 0 : null
  const key = assetKey(position)
  return { ...open, ...key, before, target: 0, sha256: asset.sha256, reason: asset.name, ...skippedAs(plan, key) }
}

function skippedAs(plan: Plan, key: ModuleKey): Partial<ModuleRecord> {
  const skipped = plan.skipped.find((entry) => sameModule(entry.module, key))
  return skipped ? { action: 'skipped', reason: skipped.reason } : {}
}
