// One recipe applied to one board, once: plan, record, steps, proof, record closed. No byte goes to the board before
// the record is committed, and no verdict is told before its closing is.

import type { FaultReport } from '../../../shared/fault/fault.ts'
import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import { faultCodes } from '../../../shared/fault/fault-codes.ts'
import { valueOrNull } from '../../../shared/model/identity.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { Plan, PlanStep } from '../../../shared/model/plan.ts'
import type { Outcome, StepRecord } from '../../../shared/model/record.ts'
import type { Job, JobRequest } from './job.ts'
import { openModuleBook } from './module-book.ts'
import { planFlash } from './plan-flash.ts'
import { followProgress } from './progress.ts'
import { openingOf } from './record-opening.ts'
import { runStep } from './run-step.ts'
import { stepLine, stepName } from './step-name.ts'
import { openSession } from './steps/enter-dfu.ts'

export interface JobResult {
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly durationMs: number
}

/** Throws only when the record cannot be opened or closed: then there is no verdict to tell. */
export async function runJob(request: JobRequest): Promise<JobResult> {
  const { clock, records } = request
  const startedAt = clock.monotonic()
  const planned = plan(request)
  const lines = planned.plan.steps.map(stepLine)
  request.tell({ kind: 'planned', plan: planned.plan.steps.map(stepName), skipped: planned.plan.skipped })
  const recordId = await records.open(openingOf(request, lines))
  request.tell({ kind: 'recorded', recordId })
  const job: Job = {
    request,
    plan: planned.plan,
    book: openModuleBook(request.board, planned.plan),
    device: request.device,
    dfu: null,
    ownResetsUntil: 0,
    board: request.board,
    progress: () => undefined,
  }
  const steps: StepRecord[] = []
  const fault = planned.fault ?? (await workThrough(job, steps))
  const outcome = outcomeOf(fault)
  const durationMs = Math.round(clock.monotonic() - startedAt)
  const report = fault ? reportOf(fault) : null
  await close(job, { recordId, outcome, fault: report, durationMs, steps })
  return { outcome, fault: report, durationMs }
}

/** A plan that is refused is recorded too: the board was here, and this is why nothing was done. */
function plan(request: JobRequest): { readonly plan: Plan; readonly fault: Fault | null } {
  const { board, recipe } = request
  try {
    const target = recipe.targets.find((each) => each.platform === board.platform)
    if (!target) throw new Fault('DEVICE_UNKNOWN', `${recipe.recipe.name} is not for ${board.platform} boards`)
    return { plan: planFlash({ board, target, verify: recipe.recipe.verify }), fault: null }
  } catch (thrown) {
    return { plan: { platform: board.platform, steps: [], skipped: [], targets: [] }, fault: asFault(thrown) }
  }
}

/** Runs every step until one fails; gives the fault, or null when all are done and every target is proven. */
async function workThrough(job: Job, steps: StepRecord[]): Promise<Fault | null> {
  const progress = followProgress(job.plan, job.request)
  try {
    if (job.board.mode === 'dfu') await openSession(job)
    for (const [position, step] of job.plan.steps.entries()) {
      job.progress = progress.begin(position)
      await record(job, { step, position, steps })
    }
    return unproven(job)
  } catch (thrown) {
    return asFault(job.request.signal.aborted ? job.request.signal.reason : thrown)
  } finally {
    await job.dfu?.close()
    job.dfu = null
  }
}

async function record(
  job: Job,
  at: { readonly step: PlanStep; readonly position: number; readonly steps: StepRecord[] },
): Promise<void> {
  const { clock, tell } = job.request
  const startedAt = clock.now()
  const began = clock.monotonic()
  const end = (result: StepRecord['result'], report: { readonly bytes: number; readonly detail: string | null }) => {
    const durationMs = Math.round(clock.monotonic() - began)
    const entry = { position: at.position + 1, name: stepName(at.step), startedAt, durationMs, result, ...report }
    at.steps.push(entry)
    tell({ kind: 'step-ended', step: entry })
    tell({ kind: 'modules', modules: job.book.records() })
    tell({ kind: 'logged', line: { at: clock.now(), text: `${entry.name}: ${result} ${report.detail ?? ''}`.trim() } })
  }
  try {
    end('done', await runStep(job, at.step))
  } catch (thrown) {
    end('failed', { bytes: 0, detail: asFault(thrown).message })
    throw thrown
  }
}

/** The last word before PASS: every target of the plan must have its proof, whatever the steps said. */
function unproven(job: Job): Fault | null {
  const open = job.book.records().find((entry) => entry.proof === 'none' || entry.after !== entry.target)
  if (!open) return null
  return new Fault('VERSION_MISMATCH', `${open.kind} ${open.index} was not proven`)
}

function outcomeOf(fault: Fault | null): Outcome {
  if (!fault) return 'pass'
  return fault.code === 'JOB_ABORTED' ? 'aborted' : faultCodes[fault.code].outcome
}

async function close(
  job: Job,
  end: {
    readonly recordId: RecordId
    readonly outcome: Outcome
    readonly fault: FaultReport | null
    readonly durationMs: number
    readonly steps: readonly StepRecord[]
  },
): Promise<void> {
  const { board, request } = job
  const isAfter = board !== request.board
  await request.records.close({
    ...end,
    endedAt: request.clock.now(),
    deviceOsAfter: isAfter ? valueOrNull(board.deviceOsVersion) : null,
    iccid: valueOrNull(board.iccid),
    imei: valueOrNull(board.imei),
    serialNumber: valueOrNull(board.serialNumber),
    modules: job.book.records(),
  })
}
