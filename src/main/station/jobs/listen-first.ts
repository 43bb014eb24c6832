// Listening mode before an update, on Device OS before 2.0.0: its requests are served between two turns of the
// application and of the network, either of which may hold them up for minutes; in listening mode neither runs. The
// board is asked what runs: the identity of a job may be older than the Device OS that was written since.
import { Fault } from '../../../shared/fault/fault.ts'
import type { RequestLink } from '../identity/control-request.ts'
import { isBeforeResponsive } from '../identity/listen-for-identity.ts'
import { rawSystemVersion } from '../identity/raw-requests.ts'
import { startListening, stopListening } from '../identity/requests.ts'

/** What the board needs to leave the network and the application. */
const settleMs = 1_000

/** Does the act, in listening mode where that is needed: the reset after an update ends it, and a failure ends it here. */
export async function listenFirst(link: RequestLink, act: () => Promise<void>): Promise<void> {
  const version = await runningVersion(link)
  if (version === null || !isBeforeResponsive(version) || !(await listens(link))) return act()
  try {
    await link.clock.sleep(settleMs, link.signal)
    await act()
  } catch (thrown) {
    const isThere = !link.signal.aborted && !(thrown instanceof Fault && thrown.code === 'USB_GONE')
    if (isThere) await stopListening(link).catch(() => undefined)
    throw thrown
  }
}

/** False for a board that refuses: it is no worse off than before. */
async function listens(link: RequestLink): Promise<boolean> {
  try {
    await startListening(link)
    return true
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'CONTROL_REQUEST_FAILED') return false
    throw thrown
  }
}

/** One transfer that the busiest Device OS answers; null where it does not. */
async function runningVersion(link: RequestLink): Promise<string | null> {
  try {
    return await rawSystemVersion(link)
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || link.signal.aborted) throw thrown
    return null
  }
}
