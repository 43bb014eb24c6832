// Talking to a board that may reset itself once more: after an update a board applies it with one reset or two, and
// says nothing of the second. Waiting it out would cost every board seconds; asking again costs only those that did it.
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import { usbIdentityOf } from '../identity/usb-identity.ts'
import { boardReturns, isSameBoard } from './board-returns.ts'
import { bootMs, ownResetsMs, selfResetBackMs, staysMs } from './deadlines.ts'
import type { Job } from './job.ts'

/** More resets of its own than any update makes. */
const mostRepeats = 2

/** From now on, for a while, the board may reset by itself. */
export function expectOwnResets(job: Job): void {
  job.ownResetsUntil = job.request.clock.monotonic() + ownResetsMs
}

/** The board has begun anew with nothing left to apply. */
export function expectNoResets(job: Job): void {
  job.ownResetsUntil = 0
}

/**
 * True when the board, in the time in which it may, reset itself and is back in normal mode; false once it has stayed.
 * Throws as boardReturns does.
 */
export async function hasResetItself(job: Job): Promise<boolean> {
  const { clock, port, signal } = job.request
  if (clock.monotonic() >= job.ownResetsUntil) return false
  await port.nextDevice(job.device, { timeoutMs: staysMs, clock, signal })
  signal.throwIfAborted()
  if (port.current() === job.device) return false
  await boardReturns(job, 'normal', bootMs)
  return true
}

/**
 * Does the act, again when the board reset itself in the middle of it and is back in normal mode. Only acts that a
 * board forgets with its reset may be done so. The first fault is thrown when it does not come back, BOARD_SWAPPED
 * when another board came in its place: nothing is sent to that one.
 */
export async function acrossResets<T>(job: Job, act: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    const isExpected = job.request.clock.monotonic() < job.ownResetsUntil && repeats < mostRepeats
    try {
      return await act()
    } catch (thrown) {
      const fault = asFault(thrown)
      // Also a board that was plugged in with something left to apply: it was found before it did so.
      const isRepeated = isExpected || (fault.code === 'MODE_SWITCH_TIMEOUT' && repeats === 0)
      if (!isRepeated || !(await isBackByItself(job, fault))) throw thrown
    }
  }
}

async function isBackByItself(job: Job, fault: Fault): Promise<boolean> {
  const { port, signal } = job.request
  if (signal.aborted) return false
  if (fault.code === 'USB_GONE') return returnsInNormalMode(job)
  // It came back, but from its own reset instead of into the mode that was asked for.
  const found = usbIdentityOf(job.device)
  const isBack = port.current() === job.device && found.kind === 'board' && found.mode === 'normal'
  return fault.code === 'MODE_SWITCH_TIMEOUT' && isBack && isSameBoard(job, job.device)
}

async function returnsInNormalMode(job: Job): Promise<boolean> {
  try {
    await boardReturns(job, 'normal', selfResetBackMs)
    return true
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'MODE_SWITCH_TIMEOUT') return false
    throw thrown
  }
}
