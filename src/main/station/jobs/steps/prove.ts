// The end of the line: the board is identified again and every module it reports is held against the target. A board that
// may still reset to apply what it was given has no last word before it has stayed; and a version that it reported before
// as well proves nothing, so then the bytes are read.
import { Fault } from '../../../../shared/fault/fault.ts'
import type { FirmwareModule } from '../../../../shared/model/module.ts'
import { hasResetItself } from '../across-resets.ts'
import { bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import type { Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { placeOf } from '../plan-writes.ts'
import { proveAssets } from '../prove-assets.ts'
import { isProvenByVersionAlone, proveModules } from '../prove-modules.ts'
import { versionOn } from '../system-versions.ts'
import { runEnterDfu } from './enter-dfu.ts'
import { runLeaveDfu } from './leave-dfu.ts'
import { runVerify } from './verify.ts'

/** An update takes two resets at most, and a board that answers has the first behind it. */
const mostResets = 1

export async function runProve(job: Job): Promise<StepReport> {
  await proveSettled(job)
  const unsure = job.plan.targets.filter((target) => isProvenByVersionAlone(target, job.book, job.request.board))
  if (unsure.length === 0) return { bytes: 0, detail: null }
  await readAgain(job, unsure)
  await proveSettled(job)
  return { bytes: 0, detail: 'the version was the same before: read back over DFU' }
}

/** What a board says before its own last reset is not yet how it leaves the line. */
async function proveSettled(job: Job): Promise<void> {
  for (let resets = 0; ; resets += 1) {
    const fault = await complaintNow(job)
    if (resets >= mostResets || !(await hasResetItself(job))) {
      if (fault) throw fault
      return
    }
  }
}

async function complaintNow(job: Job): Promise<Fault | null> {
  try {
    await proveNow(job)
    return null
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'VERSION_MISMATCH') return thrown
    throw thrown
  }
}

async function proveNow(job: Job): Promise<void> {
  await identifyUntil(job, { timeoutMs: bootMs }, (board) => {
    const reports = (target: FirmwareModule) =>
      job.book.isReleased(target) || versionOn(board, target) === target.version
    return board.mode === 'normal' && board.modules.known && job.plan.targets.every(reports)
  })
  job.after = job.board
  job.request.tell({ kind: 'known', board: job.board })
  proveModules(job.board, job.plan, job.book)
  proveAssets(job.board, job.plan, job.book)
}

/** Throws DFU_VERIFY_FAILED for a module whose bytes are not the file's after all. */
async function readAgain(job: Job, modules: readonly FirmwareModule[]): Promise<void> {
  for (const module of modules) job.book.note(module, { proof: 'none' })
  await runEnterDfu(job)
  for (const module of modules) await runVerify(job, { kind: 'verify', module, ...placeOf(module), place: 'main' })
  await runLeaveDfu(job)
}
