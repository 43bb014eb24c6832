// What a job tells while it runs: everything a slot shows of it.
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { SkippedModule } from '../../../shared/model/plan.ts'
import type { ImageRecord, ModuleRecord, StepRecord } from '../../../shared/model/record.ts'
import type { JobProgress, LogLine } from '../../../shared/model/slot.ts'

export type JobEvent =
  | {
      readonly kind: 'planned'
      readonly plan: readonly string[]
      readonly skipped: readonly SkippedModule[]
      readonly notes: readonly string[]
    }
  | { readonly kind: 'recorded'; readonly recordId: RecordId }
  | { readonly kind: 'progressed'; readonly progress: JobProgress }
  | { readonly kind: 'step-ended'; readonly step: StepRecord }
  | { readonly kind: 'modules'; readonly modules: readonly ModuleRecord[] }
  /** Of a device that is no Particle board, in place of modules. */
  | { readonly kind: 'images'; readonly images: readonly ImageRecord[] }
  /** The board was identified again on the way. */
  | { readonly kind: 'known'; readonly board: BoardIdentity }
  | { readonly kind: 'logged'; readonly line: LogLine }
