// Out of DFU: the board starts Device OS and comes back on the same port.
import { Fault } from '../../../../shared/fault/fault.ts'
import { usbIdentityOf } from '../../identity/usb-identity.ts'
import { expectNoResets, expectOwnResets } from '../across-resets.ts'
import { boardReturns } from '../board-returns.ts'
import { bootMs } from '../deadlines.ts'
import { dfuOf, type Job } from '../job.ts'
import { didNothingMore, type StepReport } from '../job-order.ts'

export async function runLeaveDfu(job: Job): Promise<StepReport> {
  const system = job.plan.targets.find((module) => module.kind === 'system')
  const first = system ?? job.plan.targets[0]
  await dfuOf(job).leave(first?.startAddress ?? 0)
  await dfuOf(job).close()
  job.dfu = null
  await boardReturns(job, 'normal', bootMs).catch((thrown) => {
    throw notStarted(job, thrown)
  })
  if (job.isStaged) expectOwnResets(job)
  else expectNoResets(job)
  job.isStaged = false
  return didNothingMore
}

/** Back in DFU mode by itself, and nothing was written: the bootloader found nothing that it may start. */
function notStarted(job: Job, thrown: unknown): unknown {
  const found = usbIdentityOf(job.device)
  if (job.request.recipe.recipe.job === 'flash') return thrown
  // One that left and did not come back is another matter: nobody knows what it does.
  const isThere = job.request.port.current() === job.device
  const isInDfu = isThere && found.kind === 'board' && found.mode === 'dfu'
  if (!isInDfu || !(thrown instanceof Fault) || thrown.code !== 'MODE_SWITCH_TIMEOUT') return thrown
  return new Fault('DEVICE_OS_NOT_RUNNING', thrown.detail, { cause: thrown })
}
