// "already current": a board that passed a flash because it held everything before, which the proof of this very visit
// shows. Not the same as a board nobody looked at. Pure.

import type { JobKind } from './recipe.ts'
import type { ImageRecord, ModuleRecord, Outcome, StepRecord } from './record.ts'

/** What a record, a result or a slot knows of a job; a LedgerRecord fits. */
export interface FinishedJob {
  readonly job: JobKind
  readonly closing: {
    readonly outcome: Outcome
    readonly modules: readonly Pick<ModuleRecord, 'action' | 'proof'>[]
    readonly images: readonly Pick<ImageRecord, 'action' | 'proof'>[]
    readonly steps: readonly Pick<StepRecord, 'bytes'>[]
  } | null
}

/** True for a passed flash in which nothing was written, updated, staged, set, cleared or sent, and all was proven. */
export function isAlreadyCurrent({ job, closing }: FinishedJob): boolean {
  if (job !== 'flash' || closing?.outcome !== 'pass') return false
  const targets = [...closing.modules, ...closing.images]
  const isLeftAlone = ({ action, proof }: (typeof targets)[number]) =>
    (action === 'unchanged' || action === 'skipped') && proof !== 'none'
  return targets.length > 0 && targets.every(isLeftAlone) && closing.steps.every(({ bytes }) => bytes === 0)
}
