// One recipe applied to one board, once: plan, record, steps, proof, record closed. No byte goes to the board before
// the record is committed, and no verdict is told before its closing is.
import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import { moduleName } from '../../../shared/model/module.ts'
import { emptyPlan, type Plan } from '../../../shared/model/plan.ts'
import type { StepRecord } from '../../../shared/model/record.ts'
import type { Job, JobRequest } from './job.ts'
import type { JobResult } from './job-order.ts'
import { closeRecord, openRecord } from './job-record.ts'
import { openModuleBook } from './module-book.ts'
import { faultOf, runNoted } from './noted-step.ts'
import { outcomeOf } from './outcome.ts'
import { planJob } from './plan-job.ts'
import { followProgress } from './progress.ts'
import { runStep } from './run-step.ts'
import { planLines, stepName } from './step-name.ts'
import { openSession } from './steps/enter-dfu.ts'
import { runLeaveDfu } from './steps/leave-dfu.ts'

/** Throws only when the record cannot be opened or closed: then there is no verdict to tell. */
export async function runJob(request: JobRequest): Promise<JobResult> {
  const { clock } = request
  const startedAt = clock.monotonic()
  const planned = plan(request)
  const lines = planLines(planned.plan)
  const { steps: planSteps, skipped, notes } = planned.plan
  request.tell({ kind: 'planned', plan: planSteps.map(stepName), skipped, notes })
  const recordId = await openRecord(request, lines)
  request.tell({ kind: 'recorded', recordId })
  const job: Job = {
    request,
    plan: planned.plan,
    book: openModuleBook(request.board, planned.plan),
    device: request.device,
    dfu: null,
    isStaged: false,
    ownResetsUntil: 0,
    board: request.board,
    after: null,
    stranger: null,
    stepBytes: 0,
    differences: [],
    progress: () => undefined,
  }
  const steps: StepRecord[] = []
  const fault = planned.fault ?? (await workThrough(job, steps))
  const outcome = outcomeOf(fault)
  const durationMs = Math.round(clock.monotonic() - startedAt)
  const report = fault ? reportOf(fault) : null
  await closeRecord(job, { recordId, outcome, fault: report, durationMs, steps })
  return { outcome, fault: report, durationMs, stranger: job.stranger, device: job.device }
}

/** A plan that is refused is recorded too: the board was here, and this is why nothing was done. */
function plan(request: JobRequest): { readonly plan: Plan; readonly fault: Fault | null } {
  try {
    return { plan: planJob(request), fault: null }
  } catch (thrown) {
    return { plan: emptyPlan(request.board.platform), fault: asFault(thrown) }
  }
}

/** Runs every step until one fails; gives the fault, or null when all are done and every target is proven. */
async function workThrough(job: Job, steps: StepRecord[]): Promise<Fault | null> {
  const progress = followProgress(job.plan, job.request)
  try {
    if (job.board.mode === 'dfu') await openSession(job)
    for (const [position, step] of job.plan.steps.entries()) {
      job.progress = progress.begin(position)
      job.stepBytes = 0
      await runNoted(job.request, steps, {
        name: stepName(step),
        position,
        act: () => runStep(job, step),
        sentBytes: () => job.stepBytes,
        news: () => ({ kind: 'modules', modules: job.book.records() }),
      })
    }
    return unproven(job)
  } catch (thrown) {
    if (job.request.recipe.recipe.job === 'verify') await startAgain(job)
    return faultOf(job.request.signal, thrown)
  } finally {
    await job.dfu?.close()
    job.dfu = null
  }
}

/** A verification leaves a board running, also one that it could not finish. What fails here adds nothing to the fault. */
async function startAgain(job: Job): Promise<void> {
  if (!job.dfu || job.request.signal.aborted) return
  await runLeaveDfu(job).catch(() => undefined)
}

/** The last word before PASS: every target of the plan must have its proof, whatever the steps said. */
function unproven(job: Job): Fault | null {
  const open = job.book.unproven()
  if (!open) return null
  return new Fault('VERSION_MISMATCH', `${moduleName(open)} was not proven`)
}
