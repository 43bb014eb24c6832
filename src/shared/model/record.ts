// The record: the frozen account of one job, as the ledger keeps it and every door shows it.
import type { FaultReport } from '../fault/fault.ts'
import type { DfuIdentity } from './dfu-identity.ts'
import type { BoardAssets, BoardMode, Readable } from './identity.ts'
import type { DeviceId, Iccid, PortPath, RecordId, Sha256 } from './ids.ts'
import type { CheckResult, ModuleKey, ModuleKind } from './module.ts'
import type { PlatformName } from './platform.ts'
import type { JobKind, Recipe } from './recipe.ts'

/** pass and fail judge the board; error judges the station; aborted: a person; interrupted: a crash or power cut. */
export type Outcome = 'pass' | 'fail' | 'error' | 'aborted' | 'interrupted'
export const outcomes = ['pass', 'fail', 'error', 'aborted', 'interrupted'] as const

/**
 * How a module was proven. read-back: its bytes were read over DFU and compared. reported-hash: Device OS reports its
 * integrity and the hash of the file. reported-version: Device OS reports its integrity and version, and no hash.
 * none: not proven.
 */
export type Proof = 'read-back' | 'reported-hash' | 'reported-version' | 'none'

/** factory: the copy of the user firmware that a factory reset restores. */
type RecordedKind = ModuleKind | 'factory'

/**
 * One module through a job. Versions are module versions; null where the board could not say or had none. Assets have
 * none: 0 stands for one that is there, their index is the position the user firmware names them in, from 1.
 */
export interface ModuleRecord {
  readonly kind: RecordedKind
  readonly index: number
  readonly before: number | null
  readonly target: number
  readonly after: number | null
  /** SHA-256 of the file that was the target. */
  readonly sha256: Sha256
  /** SHA-256 of the bytes as read back from the board, null where none were read. */
  readonly readBackSha256: Sha256 | null
  readonly proof: Proof
  readonly action: 'written' | 'updated' | 'unchanged' | 'skipped' | 'not reached'
  readonly reason: string | null
}

/** One module of a board as Device OS reported it, with the checks that it made itself. */
export interface ModuleReading extends ModuleKey {
  readonly version: number
  readonly integrity: CheckResult
  readonly dependenciesMet: CheckResult
  /** The hash in the suffix of the module; null where Device OS does not say (before 5.6.0). */
  readonly suffixSha256: Sha256 | null
}

/**
 * How one piece of an image was proven. reported-version: the program runs and reports the version the recipe wants.
 * reported-status: the device took every block and finished with status OK, and says no more.
 */
export type ImageProof = 'read-back' | 'reported-version' | 'reported-status' | 'none'

/** One piece of an image through a job, on a DFU device that is no Particle board. */
export interface ImageRecord {
  /** From 1. */
  readonly position: number
  readonly alternate: number
  readonly memory: string
  /** null: plain DFU, which has no addresses. */
  readonly address: number | null
  readonly sizeBytes: number
  /** SHA-256 of the bytes that were the target. */
  readonly sha256: Sha256
  /** Of the bytes as read back, null where none were read. */
  readonly readBackSha256: Sha256 | null
  readonly proof: ImageProof
  readonly action: 'written' | 'unchanged' | 'not reached'
  readonly reason: string | null
}

export interface StepRecord {
  readonly position: number
  readonly name: string
  readonly startedAt: number
  readonly durationMs: number
  readonly result: 'done' | 'failed' | 'skipped'
  readonly bytes: number
  readonly detail: string | null
}

/** What a board said of itself besides names and modules. */
export interface BoardFacts {
  readonly mode: BoardMode
  readonly isProtected: Readable<boolean>
  readonly isListening: Readable<boolean>
  readonly setupDone: Readable<boolean>
  readonly ncpVersion: Readable<string>
  readonly assets: Readable<BoardAssets>
}

/**
 * What is known when a job opens: committed before the first byte is written. Times are milliseconds UTC. Each reason
 * says why its value could not be read, and is null where it was.
 */
export interface RecordOpening {
  readonly job: JobKind
  readonly slot: number
  readonly portPath: PortPath
  /** Both null for a device that is no Particle board; then `device` says who it is. */
  readonly platform: PlatformName | null
  readonly deviceId: DeviceId | null
  /** null for Particle boards. */
  readonly device: DfuIdentity | null
  readonly serialNumber: string | null
  readonly serialNumberReason: string | null
  readonly iccid: string | null
  readonly iccidReason: string | null
  readonly imei: string | null
  readonly imeiReason: string | null
  readonly deviceOsBefore: string | null
  readonly deviceOsBeforeReason: string | null
  readonly recipeName: string
  readonly recipeSha256: Sha256
  readonly isSimulated: boolean
  readonly startedAt: number
  /** The plan in words, one line a step. */
  readonly plan: readonly string[]
  /** All modules the board reported before the job, also those that are no targets. */
  readonly modulesBefore: readonly ModuleReading[]
  readonly modulesBeforeReason: string | null
  readonly operator: string | null
  /** What the recipe puts on labels and into exports. */
  readonly label: Readonly<Record<string, string>>
  /** null in records of software that did not ask. */
  readonly board: BoardFacts | null
  /** Asked for in the same transaction, and not kept: a record that a limit forbids is not opened. */
  readonly limits: Recipe['limits']
}

export interface RecordClosing {
  readonly recordId: RecordId
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly endedAt: number
  /** By a monotonic clock. */
  readonly durationMs: number
  readonly deviceOsAfter: string | null
  readonly deviceOsAfterReason: string | null
  /** Identity read after the flash, where it could not be read before. */
  readonly iccid: string | null
  readonly imei: string | null
  readonly serialNumber: string | null
  readonly steps: readonly StepRecord[]
  readonly modules: readonly ModuleRecord[]
  /** Of a device that is no Particle board; empty elsewhere. */
  readonly images: readonly ImageRecord[]
  /** Such a device as it was when the job was done; null where it was not asked again, and for Particle boards. */
  readonly deviceAfter: DfuIdentity | null
  /** All modules the board reported when the job was done, also those that were no targets. */
  readonly modulesAfter: readonly ModuleReading[]
  readonly modulesAfterReason: string | null
}

/** One row of the ledger as it is read: opening and closing joined. An open row has no closing yet. */
export interface LedgerRecord extends Omit<RecordOpening, 'operator' | 'limits'> {
  readonly recordId: RecordId
  readonly operator: string | null
  readonly stationId: string
  readonly softwareVersion: string
  readonly closing: Omit<RecordClosing, 'recordId'> | null
}

export interface RecordSummary {
  readonly recordId: RecordId
  readonly job: JobKind
  readonly startedAt: number
  readonly slot: number
  readonly portPath: PortPath
  /** "boron", or the product name or the ids of a DFU device: see board-name.ts. */
  readonly type: string
  /** The device ID of a Particle board, or what stands for it: see board-name.ts. */
  readonly name: string
  /** Both null for a device that is no Particle board. */
  readonly platform: PlatformName | null
  readonly deviceId: DeviceId | null
  readonly iccid: Iccid | string | null
  readonly outcome: Outcome | 'open'
  /** A passed flash of a board that held everything already; see already-current.ts. */
  readonly alreadyCurrent: boolean
  readonly faultCode: string | null
  readonly durationMs: number | null
  readonly recipeName: string
  readonly deviceOsBefore: string | null
  readonly deviceOsAfter: string | null
  /** bcdDevice of the program of a DFU device, as text, where it was running. */
  readonly revisionBefore: string | null
  readonly revisionAfter: string | null
  readonly isSimulated: boolean
}
