// Out of DFU: the board starts Device OS and comes back on the same port.
import { expectOwnResets } from '../across-resets.ts'
import { boardReturns } from '../board-returns.ts'
import { bootMs } from '../deadlines.ts'
import { dfuOf, didNothingMore, type Job, type StepReport } from '../job.ts'

export async function runLeaveDfu(job: Job): Promise<StepReport> {
  const system = job.plan.targets.find((module) => module.kind === 'system')
  const first = system ?? job.plan.targets[0]
  await dfuOf(job).leave(first?.startAddress ?? 0)
  await dfuOf(job).close()
  job.dfu = null
  await boardReturns(job, 'normal', bootMs)
  if (job.isStaged) expectOwnResets(job)
  return didNothingMore
}
