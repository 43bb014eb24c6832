// Into DFU by control request, and the session opened on the board that comes back.
import { openDfu } from '../../dfu/session.ts'
import { withOpen } from '../../identity/identify.ts'
import { enterDfu } from '../../identity/requests.ts'
import { platformOf } from '../../platforms/platforms.ts'
import { acrossResets } from '../across-resets.ts'
import { boardReturns } from '../board-returns.ts'
import { enterDfuMs } from '../deadlines.ts'
import type { Job } from '../job.ts'
import { didNothingMore, type StepReport } from '../job-order.ts'

export async function runEnterDfu(job: Job): Promise<StepReport> {
  const { clock, signal } = job.request
  await acrossResets(job, async () => {
    await withOpen(job.device, { clock, signal }, enterDfu)
    await boardReturns(job, 'dfu', enterDfuMs)
  })
  await openSession(job)
  return didNothingMore
}

/** Also for a board that was found in DFU. */
export async function openSession(job: Job): Promise<void> {
  const { clock, signal } = job.request
  job.dfu = await openDfu(job.device, { clock, signal, family: platformOf(job.plan.platform).mcu })
}
