// Out of DFU mode: the device starts its program. Whether that can be seen depends on the program; that it is still in DFU
// mode can always be seen, and then nothing was started.
import { habitsOf } from '../../devices/quirk-book.ts'
import { resetDevice } from '../../dfu/detach.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import { silentStartMs, startMs } from '../device-deadlines.ts'
import type { DeviceJob } from '../device-job.ts'
import { comesBack, ignoreGone, inLoader, startAddressOf } from '../in-and-out.ts'
import { wantedRevision } from '../wanted-revision.ts'
import { deviceReturns, type Returned, refuseLoader, returnedWords } from '../who-returns.ts'

export async function runLeaveLoader(job: DeviceJob): Promise<StepReport> {
  job.returned = await leave(job)
  refuseLoader(job.returned, 'told to start its program')
  return { bytes: 0, detail: `the device came back ${returnedWords(job.returned)}` }
}

async function leave(job: DeviceJob): Promise<Returned> {
  // A reset of its own has brought it out already.
  if (job.whereabouts === 'outside' && job.returned && !isInLoader(job.returned)) return job.returned
  const { attachExtraReset } = habitsOf(job.request.quirks, job.device).habits
  if (job.whereabouts === 'outside' || job.whereabouts === 'open') {
    const loader = await inLoader(job)
    await loader.leave(startAddressOf(job))
    job.whereabouts = 'leaving'
  }
  const returned = await comesBack(job, attachExtraReset ? null : 'normal', waitFor(job))
  return attachExtraReset && isInLoader(returned) ? resetOnce(job) : returned
}

/** A program that was seen before, or that must be asked for its version, gets the time that a slow one needs. */
function waitFor(job: DeviceJob): number {
  const isProven = job.book.records().length > 0 && job.book.unproven() === null
  const mustBeSeen = job.request.board.mode === 'normal' || wantedRevision(job.target)?.isDemanded === true
  return isProven && !mustBeSeen ? silentStartMs : startMs
}

function isInLoader(returned: Returned): boolean {
  return returned.kind === 'stayed' || (returned.kind === 'device' && returned.board.mode === 'dfu')
}

/** The one more reset that some devices need. */
async function resetOnce(job: DeviceJob): Promise<Returned> {
  await ignoreGone(job, () => resetDevice(job.device, job.request.signal))
  return deviceReturns(job, { wanted: 'normal', timeoutMs: waitFor(job) })
}
