// The visit of one board, from its arrival until it has left: who it is, whether it shall be worked on, its job, its
// verdict. A board that comes back as another enumeration before anything was done is asked anew.
import { asFault, reportOf } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { identify } from '../identity/identify.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Place, SlotLife } from './slot-life.ts'
import { type Held, holdVerdict, takeHeldVerdict } from './verdict.ts'
import { work } from './work.ts'

/** Resolves when the board has left. */
export async function receiveBoard(life: SlotLife, place: Place, arrival: UsbDevice): Promise<void> {
  let device: UsbDevice | null = arrival
  life.startAsked = false
  while (device) device = (await attend(life, place, device)) === 'left' ? null : place.port.current()
}

async function attend(life: SlotLife, place: Place, device: UsbDevice): Promise<'left' | 'again'> {
  life.apply({ kind: 'arrived' })
  const board = await identified(life, place, device)
  let held: Held = { stays: board && boardName(board), isLost: false, device }
  if (board?.kind === 'particle' && !takeHeldVerdict(life, board) && (await startComes(life, place, device))) {
    held = await work(life, place, { board, device })
  }
  if (!life.view().job && place.port.current() !== device) return 'again'
  return holdVerdict(life, place, held)
}

/** Null when the board does not say who it is: then it is refused, unless it is gone by now. */
async function identified(life: SlotLife, { port, signal }: Place, device: UsbDevice): Promise<BoardIdentity | null> {
  const { clock, log } = life.tools
  try {
    const board = await identify(device, { clock, signal })
    life.apply({ kind: 'identified', board })
    return board
  } catch (thrown) {
    signal.throwIfAborted()
    const fault = asFault(thrown)
    log.warn(`slot ${life.view().slot}: not identified: ${fault.message}`)
    if (port.current() === device) life.apply({ kind: 'refused', fault: reportOf(fault) })
    return null
  }
}

/** True when the board shall be worked on; false when it is there no more. */
async function startComes(life: SlotLife, { port, signal }: Place, device: UsbDevice): Promise<boolean> {
  const { tools, room } = life
  const look = () => {
    if (port.current() !== device) return 'gone'
    return (life.startAsked || tools.autoStart()) && tools.recipe() ? 'start' : null
  }
  const news = await room.until(look, signal)
  life.startAsked = false
  return news === 'start'
}
