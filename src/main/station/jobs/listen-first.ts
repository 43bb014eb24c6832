// Listening mode before an update, on Device OS before 2.0.0: its requests are served between two turns of the
// application and of the network, either of which may hold them up for minutes; in listening mode neither runs. The
// board is asked what runs: the identity of a job may be older than the Device OS that was written since.
import { Fault } from '../../../shared/fault/fault.ts'
import type { RequestLink } from '../identity/control-request.ts'
import { isBeforeResponsive } from '../identity/listen-for-identity.ts'
import { rawSystemVersion } from '../identity/raw-requests.ts'
import { startListening } from '../identity/requests.ts'

/** What the board needs to leave the network and the application. */
const settleMs = 1_000

/** A board that refuses is no worse off than before. The reset after the update ends it. */
export async function listenFirst(link: RequestLink): Promise<void> {
  const version = await runningVersion(link)
  if (version === null || !isBeforeResponsive(version)) return
  try {
    await startListening(link)
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'CONTROL_REQUEST_FAILED') return
    throw thrown
  }
  await link.clock.sleep(settleMs, link.signal)
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
