// A range filled with 0xFF over DFU: on flash an erase does that, unless it is blank. A module that lay there is gone.
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'

export async function runClear(job: Job, step: Extract<PlanStep, { kind: 'clear' }>): Promise<StepReport> {
  const blank = new Uint8Array(step.range.sizeBytes).fill(0xff)
  const { sha256 } = await dfuOf(job).look({ ...step.range, expected: blank, mayHold: true })
  if (sha256 !== null) return { bytes: 0, detail: `blank already: ${step.reason}` }
  const bytes = await dfuOf(job).erase({
    ...step.range,
    onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
  })
  return { bytes: 0, detail: `${bytes} bytes erased: ${step.reason}` }
}
