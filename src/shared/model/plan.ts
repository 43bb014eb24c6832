// The plan of a job: data, computed before anything moves. Each step is one act with its addresses, and each module
// that is not written says why.
import type { FirmwareModule, ModuleKey } from './module.ts'
import type { PlatformName } from './platform.ts'

/** A run of bytes in one DFU memory (alternate setting). */
export interface MemoryRange {
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
}

export type PlanStep =
  /**
   * Firmware update by control requests while Device OS runs; the board resets itself afterwards. With `onlyIfDifferent`
   * nothing is sent when an earlier step has read the module back and found it equal.
   */
  | { readonly kind: 'update'; readonly module: FirmwareModule; readonly onlyIfDifferent?: true }
  | { readonly kind: 'enter-dfu' }
  /** Fill a range with 0xFF over DFU, so that a module that would hide the new one is gone. */
  | { readonly kind: 'clear'; readonly range: MemoryRange; readonly reason: string }
  /**
   * Erase and write over DFU. The bytes are the file from `offsetBytes` on. What the memory holds of them already, and
   * nobody knows before it is read, is left alone; `mayHold` is false where the board says that it holds something else.
   */
  | {
      readonly kind: 'write'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly offsetBytes: number
      readonly mayHold: boolean
    }
  /** Read a range back over DFU and compare it with the file; a difference is a fault unless it `mayDiffer`. */
  | {
      readonly kind: 'verify'
      readonly module: FirmwareModule
      readonly range: MemoryRange
      readonly offsetBytes: number
      readonly mayDiffer?: true
    }
  /** Leave DFU and wait until Device OS is up again. */
  | { readonly kind: 'leave-dfu' }
  /** Identify again and compare every module with the target. */
  | { readonly kind: 'prove' }

export type StepKind = PlanStep['kind']

export interface SkippedModule {
  readonly module: ModuleKey & { readonly version: number | null }
  readonly reason: string
}

export interface Plan {
  readonly platform: PlatformName
  readonly steps: readonly PlanStep[]
  readonly skipped: readonly SkippedModule[]
  /** What the board must carry when the job ends. */
  readonly targets: readonly FirmwareModule[]
}
