// How long a verdict stays on a slot: until its board has left for good. A board that only reset itself keeps it, and
// so does the board that had it before the station restarted.
import { Fault } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { readDeviceId } from '../identity/identify.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Place, SlotLife } from './slot-life.ts'

/** A board that is back this soon has reset itself; nobody has hands that quick. */
const resetSettlesMs = 4_000
/** Right after its job a board may still reset to apply what it got, and Device OS takes its time to start. */
const freshVerdictMs = 10_000
const freshResetSettlesMs = 6_000

/** Shows again what this board had before the station restarted; false when it is another board, or had nothing. */
export function takeHeldVerdict(life: SlotLife, board: BoardIdentity): boolean {
  const { held, tools } = life
  life.held = null
  if (held?.name !== boardName(board)) return false
  const { recordId, outcome, fault, durationMs } = held
  const recipe = tools.recipe()?.recipe
  life.apply({ kind: 'started', recipeName: recipe?.name ?? '', job: held.job })
  if (recordId) life.apply({ kind: 'recorded', recordId })
  life.apply({ kind: 'finished', outcome, fault, durationMs, endedAt: tools.clock.now() })
  return true
}

export interface Held {
  /** Who keeps the verdict through its own resets: the board of the job, or the stranger that took its place. */
  readonly stays: string | null
  /** It left in mid-job and is not back. The bus may still tell of it: a request fails first, the hub is asked later. */
  readonly isLost: boolean
  /** The enumeration that the verdict was found on: another one must say who it is before it may have it. */
  readonly device: UsbDevice
}

/**
 * Resolves when the board has left for good, or when somebody starts it again. The verdict of a board that vanished in
 * mid-job stays until the next board comes: the hand that looks at the slot must find the reason there.
 */
export async function holdVerdict(
  life: SlotLife,
  place: Place,
  { stays, isLost, device }: Held,
): Promise<'left' | 'again'> {
  const { port, signal } = place
  const { clock } = life.tools
  const isFreshUntil = clock.monotonic() + freshVerdictMs
  let vanished = isLost || port.current() === null
  let present: UsbDevice | null = device
  while (true) {
    const look = () => (port.current() !== present ? 'gone' : life.startAsked ? 'starts' : null)
    if ((await life.room.until(look, signal)) === 'starts') return 'again'
    if (!stays || !life.view().job) return 'left'
    const timeoutMs = clock.monotonic() < isFreshUntil ? freshResetSettlesMs : resetSettlesMs
    present = await comesBack(life, place, { stays, timeoutMs })
    if (!present) break
    vanished = false
  }
  if (vanished) await life.room.until(() => port.current(), signal)
  return 'left'
}

/** The board of the verdict, back in time from a reset of its own; null when it is not, or another board is. */
async function comesBack(
  { tools: { clock } }: SlotLife,
  { port, signal }: Place,
  awaited: { readonly stays: string; readonly timeoutMs: number },
): Promise<UsbDevice | null> {
  let back: UsbDevice | null = null
  while (true) {
    back = await port.nextDevice(back, { timeoutMs: awaited.timeoutMs, clock, signal })
    if (!back) return null
    try {
      return (await readDeviceId(back, { clock, signal })) === awaited.stays ? back : null
    } catch (thrown) {
      signal.throwIfAborted()
      // Gone again before it answered: it resets once more. Anything else that gives no ID is not that board.
      if (!(thrown instanceof Fault) || thrown.code !== 'USB_GONE') return null
    }
  }
}
