// How long a verdict stays on a slot: until its board has left for good. A board that only reset itself keeps it, and
// so does the board that had it before the station restarted.
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { heldKin, isHeld } from './held-board.ts'
import type { Keeper } from './keeper.ts'
import type { Place, SlotLife } from './slot-life.ts'
import { resetSettlesMs, standingOf } from './standing.ts'

/** Right after its job a board may still reset to apply what it got, and Device OS takes its time to start. */
const freshVerdictMs = 10_000
const freshResetSettlesMs = 6_000

/** Shows again what this board had before the station restarted; false when it is another board, or had nothing. */
export function takeHeldVerdict(life: SlotLife, board: BoardIdentity): boolean {
  const { held, tools } = life
  life.held = null
  if (!held || !isHeld(held, board, tools.recipe())) return false
  const { recordId, outcome, fault, durationMs } = held
  const recipe = tools.recipe()?.recipe
  const kin = heldKin(held, board, tools.recipe())
  if (kin !== null) life.kin = { name: kin, seenAt: tools.clock.monotonic() }
  life.apply({ kind: 'started', recipeName: recipe?.name ?? '', job: held.job })
  if (recordId) life.apply({ kind: 'recorded', recordId })
  life.apply({ kind: 'finished', outcome, fault, durationMs, endedAt: tools.clock.now() })
  return true
}

export interface Held {
  /** Who keeps the verdict through its own resets: the board of the job, or the stranger that took its place. */
  readonly keeper: Keeper | null
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
  { keeper, isLost, device, isStale }: Held & { isStale(): boolean },
): Promise<'left' | 'again'> {
  const { port, signal } = place
  const { clock } = life.tools
  const isFreshUntil = clock.monotonic() + freshVerdictMs
  let vanished = isLost || port.current() === null
  let present: UsbDevice | null = device
  while (true) {
    const look = () => (port.current() !== present ? 'gone' : life.startAsked || isOver(life, isStale) ? 'again' : null)
    if ((await life.room.until(look, signal)) === 'again') return 'again'
    if (!keeper || !life.view().job) return 'left'
    const timeoutMs = clock.monotonic() < isFreshUntil ? freshResetSettlesMs : resetSettlesMs
    present = await comesBack(life, place, { keeper, timeoutMs })
    if (!present) break
    vanished = false
  }
  const { current } = port.only((next) => standingOf(next, life.tools).kind !== 'bystander')
  if (vanished) await life.room.until(current, signal)
  return 'left'
}

/** A board without a verdict that is no longer what it was refused as: the recipe or the quirks are others now. */
function isOver(life: SlotLife, isStale: () => boolean): boolean {
  return life.view().job === null && isStale()
}

/** The board of the verdict, back in time from a reset of its own; null when it is not, or another board is. */
async function comesBack(
  life: SlotLife,
  { port, signal }: Place,
  { keeper, timeoutMs }: { readonly keeper: Keeper; readonly timeoutMs: number },
): Promise<UsbDevice | null> {
  const { clock } = life.tools
  const { nextDevice } = port.only(keeper.concerns)
  let back: UsbDevice | null = null
  while (true) {
    back = await nextDevice(back, { timeoutMs, clock, signal })
    if (!back) return null
    const who = await keeper.recognises(back, { clock, signal })
    if (who === 'gone') continue
    life.doubtful = who === 'doubtful' ? back : null
    if (who !== 'same') return null
    const standing = standingOf(back, life.tools)
    life.apply({ kind: 'beside', bystander: standing.kind === 'bystander' ? standing.text : null })
    return back
  }
}
