// One module by control requests while Device OS runs. The board checks it, resets once or twice to apply it, and the
// step ends when it reports the new version.
import { Fault } from '../../../../shared/fault/fault.ts'
import { moduleName } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { withOpen } from '../../identity/identify.ts'
import { updateFirmware } from '../../identity/update-firmware.ts'
import { acrossResets, expectOwnResets } from '../across-resets.ts'
import { applyMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import { bytesOf, type Job, type StepReport } from '../job.ts'
import { notFinished } from '../module-book.ts'
import { reportedOn } from '../plan-updates.ts'

export async function runUpdate(job: Job, step: Extract<PlanStep, { kind: 'update' }>): Promise<StepReport> {
  const { clock, signal } = job.request
  const data = await bytesOf(job, step.module)
  job.book.note(step.module, { action: 'updated', reason: notFinished })
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }) =>
    job.progress((doneBytes / data.length) * sendShare)
  await acrossResets(job, () =>
    withOpen(job.device, { clock, signal }, (link) => updateFirmware(link, data, { onProgress })),
  )
  const applied = await identifyUntil(
    job,
    applyMs,
    (board) => reportedOn(board, step.module)?.version === step.module.version,
  )
  if (!applied) {
    const has = reportedOn(job.board, step.module)?.version ?? 'none'
    const what = `${moduleName(step.module)}: the board took version ${step.module.version} and reports ${has}`
    throw new Fault('VERSION_MISMATCH', what)
  }
  expectOwnResets(job)
  job.book.note(step.module, { action: 'updated', reason: null })
  return { bytes: data.length, detail: `${data.length} bytes sent and applied` }
}

/** The rest of the step is the board applying it. */
const sendShare = 0.8
