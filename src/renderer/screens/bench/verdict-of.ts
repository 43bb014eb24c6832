// What the job of a slot came to, in the terms that records have, so that bench and History use the same words.
import { isAlreadyCurrent } from '../../../shared/model/already-current.ts'
import type { JobView, SlotView } from '../../../shared/model/slot.ts'
import type { Verdict } from '../../text/outcome-look.ts'

export function verdictOf(job: JobView): Verdict {
  const { outcome, modules, images, steps } = job
  return {
    outcome: outcome ?? 'open',
    job: job.job,
    alreadyCurrent: isAlreadyCurrent({
      job: job.job,
      closing: outcome === null ? null : { outcome, modules, images, steps },
    }),
    faultCode: job.fault?.code ?? null,
  }
}

/** The board passed and nobody judged it: there is no bin to put it in. */
export function isIdentifiedOnly(view: SlotView): boolean {
  return view.state === 'passed' && view.job?.job === 'identify'
}
