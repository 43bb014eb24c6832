// Into the loader and out of it: every way a DFU device has for either, across resets, other ids, and programs that do not
// speak DFU. Whoever needs the loader asks for it here.
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import { habitsOf } from '../devices/quirk-book.ts'
import { detach } from '../dfu/detach.ts'
import type { LoaderSession } from '../dfu/loader-session.ts'
import { enterLoaderMs, ownResetMs, silentStartMs, startMs } from './device-deadlines.ts'
import type { DeviceJob } from './device-job.ts'
import { pickLoader } from './pick-loader.ts'
import { isProtectedPiece } from './protected-memories.ts'
import { settlePlan } from './settle-plan.ts'
import { deviceReturns, patienceFor, type Returned, returnedWords } from './who-returns.ts'

/** A session with its loader, opened anew where the device went away; the plan is settled with the first one. */
export async function inLoader(job: DeviceJob): Promise<LoaderSession> {
  if (job.loader && job.whereabouts === 'open') return job.loader
  if (job.whereabouts !== 'outside') await meetAgain(job, startMs)
  const { returned } = job
  if (returned && returned.kind !== 'device' && returned.kind !== 'stayed') {
    const again = 'start it again then: what it holds is read before anything is written'
    throw new Fault('DFU_BY_BUTTON', `after its reset the device came back ${returnedWords(returned)}; ${again}`)
  }
  if (job.board.mode === 'normal' && returned?.kind !== 'stayed') await detachInto(job)
  return openHere(job)
}

async function openHere(job: DeviceJob): Promise<LoaderSession> {
  const loader = await pickLoader(job)
  job.loader = loader
  job.whereabouts = 'open'
  job.returned = null
  settlePlan(job, loader)
  return loader
}

/** Its session ends without a word to the device. */
export async function closeLoader(job: DeviceJob, whereabouts: DeviceJob['whereabouts']): Promise<void> {
  const { loader } = job
  job.loader = null
  job.whereabouts = whereabouts
  await loader?.close()
}

/** DFU_DETACH, and the loader that comes after it. Throws DFU_BY_BUTTON, or MODE_SWITCH_TIMEOUT when it does not. */
async function detachInto(job: DeviceJob): Promise<void> {
  const { clock, signal, quirks } = job.request
  const { habits } = habitsOf(quirks, job.device)
  const { how } = await detach(job.device, { clock, signal, habits })
  if (how === 'already there') return
  const timeoutMs = patienceFor(job, enterLoaderMs)
  const returned = await deviceReturns(job, { wanted: 'dfu', timeoutMs })
  if (isInDfu(returned)) return
  throw new Fault('MODE_SWITCH_TIMEOUT', `after DFU_DETACH the device came back ${returnedWords(returned)}`)
}

/** Option bytes, and the end of a protection, take effect by a reset of its own, which some devices make and some do not. */
export async function takeOwnReset(job: DeviceJob): Promise<void> {
  const { port, clock, signal } = job.request
  await port.nextDevice(job.device, { timeoutMs: ownResetMs, clock, signal })
  signal.throwIfAborted()
  if (port.current() !== job.device) await meetAgain(job, startMs)
}

/** After a reset: its program may run now, or its loader again. */
export async function meetAgain(job: DeviceJob, timeoutMs: number): Promise<void> {
  job.returned = await comesBack(job, null, timeoutMs)
  job.whereabouts = 'outside'
  if (job.returned.kind === 'device') job.board = job.returned.board
}

/** Ends the session, resets the device where it waits for that, and tells who is on the port then. */
export async function comesBack(job: DeviceJob, wanted: 'normal' | null, timeoutMs: number): Promise<Returned> {
  const patienceMs = patienceFor(job, timeoutMs)
  const isThere = job.request.port.current() === job.device
  if (job.whereabouts === 'reset' && isThere) await ignoreGone(job, () => job.loader?.reset())
  await closeLoader(job, 'leaving')
  return deviceReturns(job, { wanted, timeoutMs: patienceMs })
}

/**
 * A device that came from its program, and got nothing yet, goes back to it after a fault; so does one that was only to be
 * examined. What fails here adds nothing to the fault.
 */
export async function leaveQuietly(job: DeviceJob): Promise<void> {
  const { request, loader, target } = job
  if (!loader || job.isTouched || request.signal.aborted || target.wish.afterwards === 'stay') return
  const wasRunning = request.board.mode === 'normal' || request.recipe.recipe.job === 'verify'
  if (!wasRunning) return
  try {
    await loader.leave(startAddressOf(job))
    await comesBack(job, 'normal', silentStartMs)
  } catch {
    job.stranger = null
  }
}

/** Where a DfuSe device starts its program: at the first piece that is none of its settings. */
export function startAddressOf({ plan }: DeviceJob): number | null {
  return plan.pieces.find((piece) => !isProtectedPiece(piece))?.address ?? null
}

/** A device that a reset takes off the bus has done what it was asked. */
export async function ignoreGone(job: DeviceJob, act: () => Promise<void> | undefined): Promise<void> {
  try {
    await act()
  } catch (thrown) {
    if (asFault(thrown).code !== 'USB_GONE' || job.request.signal.aborted) throw thrown
  }
}

function isInDfu(returned: Returned): boolean {
  return returned.kind === 'device' && returned.board.mode === 'dfu'
}
