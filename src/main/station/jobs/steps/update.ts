// One module by control requests while Device OS runs. The board checks it, resets once or twice to apply it, and the
// step ends when it reports the new version.
import { Fault } from '../../../../shared/fault/fault.ts'
import { type FirmwareModule, moduleName, type ReportedModule } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { withOpen } from '../../identity/identify.ts'
import { updateFirmware } from '../../identity/update-firmware.ts'
import { acrossResets, expectOwnResets } from '../across-resets.ts'
import { applyMs, applyNcpMs, bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import { bytesOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { listenFirst } from '../listen-first.ts'
import { notFinished } from '../module-book.ts'
import { isBroken, newerReason } from '../plan-ncp.ts'
import { isAnotherFile } from '../prove-modules.ts'
import { reportedOn, versionOn } from '../system-versions.ts'

type UpdateStep = Extract<PlanStep, { kind: 'update' }>

/** The rest of the step is the board applying it. */
const sendShare = 0.8

export async function runUpdate(job: Job, step: UpdateStep): Promise<StepReport> {
  const { module } = step
  const left = await leftAlone(job, step)
  if (left !== null) return { bytes: 0, detail: left }
  await noteBefore(job, module)
  const { clock, signal } = job.request
  const data = await bytesOf(job, module)
  job.book.note(module, { action: 'updated', reason: notFinished })
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }) => sent(job, doneBytes, data.length)
  await acrossResets(job, () =>
    withOpen(job.device, { clock, signal }, (link) =>
      listenFirst(link, () => updateFirmware(link, data, { onProgress })),
    ),
  )
  // The system that took the file still reports what it had: only what starts after its reset can say what was applied.
  const wait = { timeoutMs: module.kind === 'ncp' ? applyNcpMs : applyMs, after: job.device }
  const applied = await identifyUntil(job, wait, (board) => isApplied(module, reportedOn(board, module)))
  if (!applied) throw notApplied(module, reportedOn(job.board, module))
  expectOwnResets(job)
  job.book.note(module, { action: 'updated', reason: null })
  return { bytes: data.length, detail: `${data.length} bytes sent and applied` }
}

/** A board that was found in DFU mode says only now what it has: a version that stays the same proves nothing. */
async function noteBefore(job: Job, module: FirmwareModule): Promise<void> {
  if (job.request.board.modules.known) return
  await identifyUntil(job, { timeoutMs: bootMs }, ({ mode, modules }) => mode === 'normal' && modules.known)
  job.book.note(module, { before: versionOn(job.board, module) })
}

/** Why nothing is to be sent, or null. Throws PLAN_REFUSED where it would have to be and cannot. */
async function leftAlone(job: Job, step: UpdateStep): Promise<string | null> {
  const { module } = step
  if (step.onlyIfDifferent && job.book.readBackOf(module)) return 'read back and equal'
  if (!step.onlyIfOlder) return null
  await identifyUntil(job, { timeoutMs: bootMs }, ({ mode, modules }) => mode === 'normal' && modules.known)
  const present = versionOn(job.board, module)
  if (present !== null && present > module.version) {
    job.book.release(module)
    return newerReason(module, present)
  }
  if (present === module.version && !isBroken(job.board, module) && !isForced(job, step)) {
    const reason = `the board already has ${moduleName(module)} version ${module.version}`
    job.book.note(module, { action: 'skipped', reason })
    return reason
  }
  if (step.cannotSend !== undefined) throw new Fault('PLAN_REFUSED', step.cannotSend)
  return null
}

/** Sent again because the recipe wants it so, where Device OS takes it. */
function isForced(job: Job, step: UpdateStep): boolean {
  return job.request.recipe.recipe.force && step.cannotSend === undefined
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
