// Listening mode for the sake of a question: Device OS before 2.0.0 serves requests between two turns of the application
// and of the network, either of which may hold it up beyond every deadline; in listening mode neither runs. Entered only
// when a question failed that it may help, and left again whatever comes of it.
import { lt, valid } from 'semver'
import { Fault } from '../../../shared/fault/fault.ts'
import type { Readable } from '../../../shared/model/identity.ts'
import { type Asking, isNotSupported } from './ask-board.ts'
import { startListening, stopListening } from './requests.ts'

/** From here on requests are served whatever the application does, pre-releases included. */
const staysResponsiveFrom = '2.0.0-0'
/** What the board needs to leave the network and the application. */
const settleMs = 1_000

/** Asks; where the answer failed and the board is old, asks once more in listening mode. */
export async function askListening<T>(
  asking: Asking,
  board: { readonly version: Readable<string>; readonly isListening: Readable<boolean> },
  read: () => Promise<Readable<T>>,
): Promise<Readable<T>> {
  const first = await asking.ask(read)
  const fault = asking.lastFault()
  if (fault === null || !mayHelp(fault) || !isOld(board.version)) return first
  if (board.isListening.known && board.isListening.value) return first
  if (!(await turn(asking, startListening))) return first
  try {
    await asking.link.clock.sleep(settleMs, asking.link.signal)
    return await asking.ask(read)
  } finally {
    if (!asking.link.signal.aborted) await turn(asking, stopListening)
  }
}

function mayHelp(fault: Fault): boolean {
  return fault.code === 'USB_TIMEOUT' || (fault.code === 'CONTROL_REQUEST_FAILED' && !isNotSupported(fault))
}

function isOld(version: Readable<string>): boolean {
  return version.known && isBeforeResponsive(version.value)
}

/** False for what is no release text. */
export function isBeforeResponsive(release: string): boolean {
  return valid(release) !== null && lt(release, staysResponsiveFrom)
}

/** False when the board refuses, or is too busy for that as well: then nothing was changed. */
async function turn({ link }: Asking, into: typeof startListening): Promise<boolean> {
  try {
    await into(link)
    return true
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code !== 'USB_GONE' && !link.signal.aborted) return false
    throw thrown
  }
}
