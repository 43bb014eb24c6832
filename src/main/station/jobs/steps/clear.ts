// A range filled with 0xFF over DFU: on flash an erase does that. A module that lay there is gone.
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { dfuOf, type Job, type StepReport } from '../job.ts'

export async function runClear(job: Job, step: Extract<PlanStep, { kind: 'clear' }>): Promise<StepReport> {
  const bytes = await dfuOf(job).erase({
    ...step.range,
    onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
  })
  return { bytes: 0, detail: `${bytes} bytes erased: ${step.reason}` }
}
