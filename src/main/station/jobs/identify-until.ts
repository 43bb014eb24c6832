// Asking a board again and again who it is, across the resets it makes on its own, until it says what is hoped for.
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { identify } from '../identity/identify.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { lookAgainMs, readIdMs } from './deadlines.ts'
import { deviceIdOf, type Job, swapped } from './job.ts'

interface Wait {
  readonly timeoutMs: number
  /** An enumeration that is not asked any more: the board is about to reset. */
  readonly after?: UsbDevice | null
}

/**
 * True once an identity pleases `isEnough`; false when the board still answers otherwise after `timeoutMs`, with the
 * last answer in job.board. Throws BOARD_SWAPPED when another board answered, MODE_SWITCH_TIMEOUT when the board went
 * and did not come back, and for a board that never answered the reason it gave last.
 */
export async function identifyUntil(
  job: Job,
  { timeoutMs, after = null }: Wait,
  isEnough: (board: ParticleIdentity) => boolean,
): Promise<boolean> {
  const { clock, signal, port } = job.request
  const endsAt = clock.monotonic() + timeoutMs
  let answered = false
  let silence: Fault | null = null
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = endsAt - clock.monotonic()) {
    const device = await port.nextDevice(after, { timeoutMs: leftMs, clock, signal })
    if (!device) throw new Fault('MODE_SWITCH_TIMEOUT', `no board on the port ${timeoutMs} ms after the first look`)
    silence = await identifySame(job, device, endsAt)
    answered ||= silence === null
    if (silence === null && isEnough(job.board)) return true
    await clock.sleep(lookAgainMs, signal)
  }
  if (answered) return false
  throw neverAnswered(silence, timeoutMs)
}

function neverAnswered(silence: Fault | null, timeoutMs: number): Fault {
  if (silence && silence.code !== 'USB_GONE') return silence
  return new Fault('MODE_SWITCH_TIMEOUT', `the board did not answer within ${timeoutMs} ms`, { cause: silence })
}

/** The fault of a board that did not answer; throws when another board did, or when the job was stopped. */
async function identifySame(job: Job, device: UsbDevice, endsAt: number): Promise<Fault | null> {
  const { clock, signal } = job.request
  try {
    const timeoutMs = Math.max(1, Math.min(readIdMs, endsAt - clock.monotonic()))
    const board = await identify(device, { clock, signal, timeoutMs, before: job.board })
    if (board.deviceId !== deviceIdOf(job)) throw swapped(job, board.deviceId)
    job.device = device
    job.board = board
    return null
  } catch (thrown) {
    signal.throwIfAborted()
    const fault = asFault(thrown)
    if (fault.code === 'BOARD_SWAPPED' || fault.code === 'INTERNAL') throw fault
    return fault
  }
}
