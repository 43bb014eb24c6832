// The plan of a job: data, computed before anything moves. Each step is one act with its addresses, and each module
// that is not written says why.
import type { DeviceStep } from './device-plan.ts'
import type { FirmwareModule, ModuleKey, TargetAsset } from './module.ts'
import type { PlatformName } from './platform.ts'

/** The running firmware, or the copy of the user firmware that a factory reset restores. */
export type ModulePlace = 'main' | 'factory'

/** A run of bytes in one DFU memory (alternate setting). */
export interface MemoryRange {
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
}

export type PlanStep =
  /**
   * Firmware update by control requests while Device OS runs; the board resets itself afterwards. With `onlyIfDifferent`
   * nothing is sent when an earlier step has read the module back and found it equal; with `onlyIfOlder` when the board
   * then reports this version or a newer one. `cannotSend` says why it would be refused, should it have to be sent.
   */
  | {
      readonly kind: 'update'
      readonly module: FirmwareModule
      readonly onlyIfDifferent?: true
      readonly onlyIfOlder?: true
      readonly cannotSend?: string
    }
  /** Update of an asset by control requests, in normal mode, when everything else is done. `position` counts from 1. */
  | { readonly kind: 'asset'; readonly asset: TargetAsset; readonly position: number }
  /**
   * The set-up flag of Gen 3 boards below Device OS 4.0.0, written and read back: in DFU mode as a byte of the DCT without
   * an erase, in normal mode by request.
   */
  | { readonly kind: 'set-up'; readonly isDone: boolean; readonly way: 'dfu' | 'request' }
  /**
   * Put a module where Device OS finds updates, with the flag that makes it apply one when it starts: the way of Gen 2
   * bootloaders for a Device OS that takes no control request. `flag` is the one byte in the DCT.
   */
  | {
      readonly kind: 'stage'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly flag: MemoryRange
      readonly onlyIfDifferent?: true
    }
  | { readonly kind: 'enter-dfu' }
  /** Fill a range with 0xFF over DFU, so that a module that would hide the new one is gone. */
  | { readonly kind: 'clear'; readonly range: MemoryRange; readonly reason: string }
  /**
   * Erase and write over DFU. The bytes are the file from `offsetBytes` on. What the memory holds of them already, and
   * nobody knows before it is read, is left alone; `mayHold` is false where the board says that it holds something else.
   * With `force` it is not looked at before: every byte is written.
   */
  | {
      readonly kind: 'write'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly offsetBytes: number
      readonly mayHold: boolean
      readonly force?: true
      readonly place: ModulePlace
    }
  /** Read a range back over DFU and compare it with the file; a difference is a fault unless it `mayDiffer`. */
  | {
      readonly kind: 'verify'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly offsetBytes: number
      readonly place: ModulePlace
      readonly mayDiffer?: true
    }
  /** Read a range back over DFU and note how it compares with the file; a difference stops nothing. */
  | {
      readonly kind: 'examine'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly offsetBytes: number
      readonly place: ModulePlace
    }
  /** Likewise a range that must be blank. */
  | { readonly kind: 'examine-blank'; readonly range: MemoryRange; readonly reason: string }
  /** Leave DFU and wait until Device OS is up again. */
  | { readonly kind: 'leave-dfu' }
  /** Identify again and compare every module with the target. */
  | { readonly kind: 'prove' }
  /** Identify again and name all that differs from the recipe; nothing was written. */
  | { readonly kind: 'judge' }
  /** Ask the board who it is and what it carries. */
  | { readonly kind: 'identify' }

export type StepKind = PlanStep['kind'] | DeviceStep['kind']

export interface SkippedModule {
  readonly module: ModuleKey & { readonly version: number | null }
  readonly reason: string
}

/** The copy of the user firmware in the place that a factory reset restores from. */
export interface FactoryImage {
  readonly module: FirmwareModule
  readonly range: MemoryRange
}

export interface Plan {
  readonly platform: PlatformName
  readonly steps: readonly PlanStep[]
  readonly skipped: readonly SkippedModule[]
  /** What the board must carry when the job ends. */
  readonly targets: readonly FirmwareModule[]
  readonly factory: FactoryImage | null
  /** In the order the user firmware names them. */
  readonly assets: readonly TargetAsset[]
  /** What else is to be known of the plan, in sentences: what is left alone, and why. */
  readonly notes: readonly string[]
}

/** What a plan that was refused comes to. */
export function emptyPlan(platform: PlatformName): Plan {
  return { platform, steps: [], skipped: [], targets: [], factory: null, assets: [], notes: [] }
}
