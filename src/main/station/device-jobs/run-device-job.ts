// One recipe applied to one DFU device, once: plan, record, steps, proof, record closed. No byte goes to the device before
// the record is committed, and no verdict is told before its closing is.

import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import { placeText } from '../../../shared/model/address.ts'
import type { DevicePlan } from '../../../shared/model/device-plan.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import type { StepRecord } from '../../../shared/model/record.ts'
import { deviceTargetFor } from '../devices/match.ts'
import { namesOfDevice } from '../images/image-fits.ts'
import type { JobResult } from '../jobs/job-order.ts'
import { faultOf, runNoted } from '../jobs/noted-step.ts'
import { outcomeOf } from '../jobs/outcome.ts'
import { followSteps, type WeighedStep } from '../jobs/progress.ts'
import { estimateDeviceMs } from './device-estimate.ts'
import type { DeviceJob, DeviceJobRequest } from './device-job.ts'
import { closeDeviceRecord, openDeviceRecord } from './device-record.ts'
import { devicePlanLines, deviceStepName } from './device-step-name.ts'
import { factsOf } from './facts-of-device.ts'
import { openImageBook } from './image-book.ts'
import { closeLoader, inLoader, leaveQuietly } from './in-and-out.ts'
import { emptyDevicePlan, planDevice } from './plan-device.ts'
import { runDeviceStep } from './run-device-step.ts'
import { seenSerials } from './same-serial.ts'

/** Throws only when the record cannot be opened or closed: then there is no verdict to tell. */
export async function runDeviceJob(request: DeviceJobRequest): Promise<JobResult> {
  const { clock } = request
  const startedAt = clock.monotonic()
  const { plan, target, fault: refusal } = planned(request)
  request.tell({ kind: 'planned', plan: plan.steps.map(deviceStepName), skipped: [], notes: plan.notes })
  const recordId = await openDeviceRecord(request, devicePlanLines(plan))
  request.tell({ kind: 'recorded', recordId })
  const job = newJob(request, target, plan)
  const steps: StepRecord[] = []
  const fault = refusal ?? (await workThrough(job, steps))
  const outcome = outcomeOf(fault)
  const durationMs = Math.round(clock.monotonic() - startedAt)
  const report = fault ? reportOf(fault) : null
  await closeDeviceRecord(job, { recordId, outcome, fault: report, durationMs, steps })
  return { outcome, fault: report, durationMs, stranger: job.stranger, device: job.device }
}

interface Planned {
  readonly plan: DevicePlan
  readonly target: DeviceTarget
  readonly fault: Fault | null
}

/** A plan that is refused is recorded too: the device was here, and this is why nothing was done. */
function planned(request: DeviceJobRequest): Planned {
  const { board, recipe } = request
  const target = request.target ?? deviceTargetFor(recipe.devices, board.instances)
  if (!target) {
    const fault = new Fault('DEVICE_UNKNOWN', 'no device of the recipe has one of its names')
    return { plan: emptyDevicePlan, target: nobody, fault }
  }
  try {
    const names = namesOfDevice(board, target.wish.match)
    const plan = planDevice({ job: recipe.recipe.job, target, facts: factsOf(request), names })
    return { plan, target, fault: null }
  } catch (thrown) {
    return { plan: emptyDevicePlan, target, fault: asFault(thrown) }
  }
}

/** Stands where no entry of the recipe is the one: nothing is done for it. */
const nobody: DeviceTarget = {
  wish: {
    name: 'no device of the recipe',
    match: ['0000:0000'],
    image: null,
    address: null,
    memory: null,
    version: null,
    verify: 'read-back',
    erase: 'touched',
    readProtection: 'keep',
    allow: [],
    loader: 'ask',
    afterwards: 'run',
  },
  image: null,
  fault: null,
}

function newJob(request: DeviceJobRequest, target: DeviceTarget, plan: DevicePlan): DeviceJob {
  return {
    request,
    target,
    plan,
    isSettled: false,
    book: openImageBook(plan.pieces),
    pieces: null,
    device: request.device,
    loader: null,
    whereabouts: 'outside',
    serials: seenSerials(request.board),
    board: request.board,
    returned: null,
    after: null,
    stranger: null,
    accepted: new Set(),
    held: new Set(),
    isTouched: false,
    stepBytes: 0,
    progress: () => undefined,
    replanned: () => undefined,
  }
}

/** Runs every step until one fails; gives the fault, or null when all are done and every piece is proven. */
async function workThrough(job: DeviceJob, steps: StepRecord[]): Promise<Fault | null> {
  const follower = followSteps(weighed(job.plan), job.request)
  job.replanned = () => follower.replan(weighed(job.plan))
  try {
    if (job.board.mode === 'dfu' && usesLoader(job.plan)) await inLoader(job)
    // The first step into its loader may replace those after it.
    for (let position = 0; position < job.plan.steps.length; position += 1) {
      job.progress = follower.begin(position)
      await runNext(job, position, steps)
    }
    return unproven(job)
  } catch (thrown) {
    await leaveQuietly(job)
    return faultOf(job.request.signal, thrown)
  } finally {
    await closeLoader(job, 'outside')
  }
}

async function runNext(job: DeviceJob, position: number, steps: StepRecord[]): Promise<void> {
  const step = job.plan.steps[position]
  if (!step) throw new Fault('INTERNAL', `the plan has no step ${position + 1}`)
  job.stepBytes = 0
  await runNoted(job.request, steps, {
    name: deviceStepName(step),
    position,
    act: () => runDeviceStep(job, step),
    sentBytes: () => job.stepBytes,
    news: () => ({ kind: 'images', images: job.book.records() }),
  })
}

function weighed({ steps }: DevicePlan): readonly WeighedStep[] {
  return steps.map((step) => ({ kind: step.kind, name: deviceStepName(step), weightMs: estimateDeviceMs(step) }))
}

/** Those who only ask leave it closed. */
function usesLoader({ steps }: DevicePlan): boolean {
  return steps.some(({ kind }) => kind !== 'identify' && kind !== 'judge' && kind !== 'prove')
}

/** The last word before PASS: every piece of the plan must have its proof, whatever the steps said. */
function unproven({ book, request }: DeviceJob): Fault | null {
  if (request.recipe.recipe.job === 'identify') return null
  const open = book.unproven()
  if (open) return new Fault('DFU_VERIFY_FAILED', `${placeText(open)} was not proven`)
  return book.records().length > 0 ? null : new Fault('INTERNAL', 'a job without a piece proves nothing')
}
