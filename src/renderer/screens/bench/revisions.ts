// The version of a DFU device before and after a job, where its own program said it.
import { revisionText } from '../../../shared/model/dfu-identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'

/** "REV 1.02 → 1.03"; null for Particle boards, and while a job runs. */
export function revisionsOf({ board, job }: SlotView): string | null {
  if (board?.kind !== 'dfu' || job === null || job.outcome === null) return null
  const after = board.mode === 'normal' ? revisionText(board.revision) : null
  return bench.revisions(job.revisionBefore, after)
}
