// One module by control requests while Device OS runs. The board checks it, resets once or twice to apply it, and the
// step ends when it reports the new version.
import { Fault } from '../../../../shared/fault/fault.ts'
import { type FirmwareModule, moduleName, type ReportedModule } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { withOpen } from '../../identity/identify.ts'
import { updateFirmware } from '../../identity/update-firmware.ts'
import { acrossResets, expectOwnResets } from '../across-resets.ts'
import { applyMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import { bytesOf, type Job, type StepReport } from '../job.ts'
import { notFinished } from '../module-book.ts'
import { reportedOn } from '../plan-updates.ts'
import { isAnotherFile } from '../prove-modules.ts'

export async function runUpdate(job: Job, step: Extract<PlanStep, { kind: 'update' }>): Promise<StepReport> {
  if (step.onlyIfDifferent && job.book.readBackOf(step.module)) return { bytes: 0, detail: 'read back and equal' }
  const { clock, signal } = job.request
  const data = await bytesOf(job, step.module)
  job.book.note(step.module, { action: 'updated', reason: notFinished })
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }) => sent(job, doneBytes, data.length)
  await acrossResets(job, () =>
    withOpen(job.device, { clock, signal }, (link) => updateFirmware(link, data, { onProgress })),
  )
  // The system that took the file still reports what it had: only what starts after its reset can say what was applied.
  const sentTo = job.device
  const wait = { timeoutMs: applyMs, after: sentTo }
  const applied = await identifyUntil(job, wait, (board) => isApplied(step.module, reportedOn(board, step.module)))
  if (!applied) throw notApplied(step.module, reportedOn(job.board, step.module))
  expectOwnResets(job)
  job.book.note(step.module, { action: 'updated', reason: null })
  return { bytes: data.length, detail: `${data.length} bytes sent and applied` }
}

function sent(job: Job, doneBytes: number, totalBytes: number): void {
  job.stepBytes = doneBytes
  job.progress((doneBytes / totalBytes) * sendShare)
}

function isApplied(module: FirmwareModule, reported: ReportedModule | null): boolean {
  return reported?.version === module.version && !isAnotherFile(module, reported)
}

function notApplied(module: FirmwareModule, reported: ReportedModule | null): Fault {
  const has = reported ? `version ${reported.version} with hash ${reported.suffixSha256 ?? 'not told'}` : 'none'
  const wanted = `version ${module.version} with hash ${module.suffixSha256}`
  return new Fault('VERSION_MISMATCH', `${moduleName(module)}: the board took ${wanted} and reports ${has}`)
}

/** The rest of the step is the board applying it. */
const sendShare = 0.8
