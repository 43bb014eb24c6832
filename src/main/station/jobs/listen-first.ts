// Listening mode before an update, on Device OS before 2.0.0: its requests are served between two turns of the
// application and of the network, either of which may hold them up for minutes; in listening mode neither runs.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { RequestLink } from '../identity/control-request.ts'
import { startListening } from '../identity/requests.ts'
import { systemFrom } from './platform-limits.ts'
import { systemNow } from './system-versions.ts'

/** What the board needs to leave the network and the application. */
const settleMs = 1_000

/** A board that refuses is no worse off than before. The reset after the update ends it. */
export async function listenFirst(board: BoardIdentity, link: RequestLink): Promise<void> {
  const system = systemNow(board)
  if (system === null || system >= systemFrom.staysResponsive) return
  try {
    await startListening(link)
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'CONTROL_REQUEST_FAILED') return
    throw thrown
  }
  await link.clock.sleep(settleMs, link.signal)
}
