// A module laid where Device OS looks for updates, read back there, and only then flagged: Device OS applies it when it
// starts, with a reset of its own.
import { Fault } from '../../../../shared/fault/fault.ts'
import { moduleName } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { bytesOf, dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { notFinished } from '../module-book.ts'
import { writeConfigurationByte } from './set-up.ts'

const updateWaits = 0xa5

export async function runStage(job: Job, step: Extract<PlanStep, { kind: 'stage' }>): Promise<StepReport> {
  const { module, range, flag } = step
  if (step.onlyIfDifferent && job.book.readBackOf(module)) return { bytes: 0, detail: 'read back and equal' }
  const data = await bytesOf(job, module)
  job.book.note(module, { action: 'updated', reason: notFinished })
  const place = { alternate: range.alternate, address: range.address }
  const onProgress = ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }) =>
    job.progress(doneBytes / Math.max(1, totalBytes))
  await dfuOf(job).write({ ...place, data, onProgress })
  const { equal } = await dfuOf(job).compare({ ...place, expected: data })
  if (!equal)
    throw new Fault('DFU_VERIFY_FAILED', `${moduleName(module)} in the update area differs from ${module.source}`)
  await writeConfigurationByte(job, flag, updateWaits)
  job.isStaged = true
  job.book.note(module, { action: 'updated', reason: null })
  return { bytes: data.length + 1, detail: `${data.length} bytes laid out and read back, update flag set` }
}
