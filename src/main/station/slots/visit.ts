// The visit of one board, from its arrival until it has left: who it is, whether it shall be worked on, its job, its
// verdict. A board that comes back as another enumeration before anything was done is asked anew.
import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { deviceKind } from '../devices/device-kind.ts'
import { identifyDevice } from '../devices/identify-device.ts'
import { identify } from '../identity/identify.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { establishKin, keepKin, kinOf } from './kin.ts'
import { questionOf } from './question.ts'
import type { Place, SlotLife } from './slot-life.ts'
import { isSameStanding, type Standing, standingOf } from './standing.ts'
import { type Held, holdVerdict, takeHeldVerdict } from './verdict.ts'
import { keeperOf } from './whose-verdict.ts'
import { work } from './work.ts'

/** One enumeration of a board, with what it was to the bench when it came. */
interface Arrival {
  readonly device: UsbDevice
  readonly standing: Extract<Standing, { kind: 'particle' | 'device' }>
  /** The recipe or the quirks have changed, and what was found out of it with them. */
  isStale(): boolean
}

/** Resolves when the board has left. */
export async function receiveBoard(life: SlotLife, place: Place, arrival: UsbDevice): Promise<void> {
  let device: UsbDevice | null = arrival
  life.startAsked = false
  life.loader = null
  while (device) {
    const kin = kinOf(life)
    if (kin === null) life.kin = null
    const end = await receive(life, place, { device, standing: standingOf(device, life.tools, kin) })
    keepKin(life, end)
    device = end === 'left' ? null : place.port.current()
  }
}

async function receive(
  life: SlotLife,
  place: Place,
  { device, standing }: { readonly device: UsbDevice; readonly standing: Standing },
): Promise<'left' | 'again'> {
  const isOther = staleness(life, device, standing)
  if (standing.kind === 'particle') return attend(life, place, { device, standing, isStale: () => false })
  if (standing.kind !== 'device') return leaveAlone(life, place, { device, standing, isStale: isOther })
  const book = life.tools.quirks()
  const isStale = () => book !== life.tools.quirks() || isOther()
  return attend(life, place, { device, standing, isStale })
}

async function attend(life: SlotLife, place: Place, arrival: Arrival): Promise<'left' | 'again'> {
  const { device, isStale } = arrival
  life.apply({ kind: 'arrived' })
  const board = await identified(life, place, arrival)
  let held: Held = { keeper: null, isLost: false, device }
  if (board?.kind === 'dfu' && board.mode === 'normal') establishKin(life, arrival.standing)
  if (board && takeHeldVerdict(life, board)) {
    held = { ...held, keeper: keeperOf(life, { board, device, isThere: true }, life.tools.recipe()) }
  } else if (board && (await startComes(life, place, { ...arrival, board }))) {
    establishKin(life, arrival.standing)
    held = await work(life, place, { board, device })
  }
  if (!life.view().job && (place.port.current() !== device || isStale())) return 'again'
  return holdVerdict(life, place, { ...held, isStale })
}

/** What no recipe names: shown for what it is, and not opened. */
async function leaveAlone(
  life: SlotLife,
  { port, signal }: Place,
  { device, standing, isStale }: Omit<Arrival, 'standing'> & { readonly standing: Standing },
): Promise<'again'> {
  life.apply({ kind: 'left' })
  if (standing.kind === 'bystander') life.apply({ kind: 'beside', bystander: standing.text })
  if (standing.kind === 'wrong') life.apply({ kind: 'refused', fault: standing.fault })
  await life.room.until(() => (port.current() !== device || isStale() ? 'over' : null), signal)
  // A start that was asked for here was for nobody.
  life.startAsked = false
  return 'again'
}

/** Looks again only where something has changed: what is asked here is asked at every event of the slot. */
function staleness(life: SlotLife, device: UsbDevice, standing: Standing): () => boolean {
  let [recipe, book] = [life.tools.recipe(), life.tools.quirks()]
  let isOther = false
  return () => {
    if (recipe === life.tools.recipe() && book === life.tools.quirks()) return isOther
    recipe = life.tools.recipe()
    book = life.tools.quirks()
    isOther = !isSameStanding(standing, standingOf(device, life.tools, life.kin?.name))
    return isOther
  }
}

/** Null when the board does not say who it is: then it is refused, unless it is gone by now. */
async function identified(life: SlotLife, { port, signal }: Place, arrival: Arrival): Promise<BoardIdentity | null> {
  const { device } = arrival
  try {
    const board = await ask(life, arrival, signal)
    life.apply({ kind: 'identified', board })
    return life.view().board
  } catch (thrown) {
    signal.throwIfAborted()
    const fault = asFault(thrown)
    life.tools.log.warn(`slot ${life.view().slot}: not identified: ${fault.message}`)
    if (port.current() === device) life.apply({ kind: 'refused', fault: reportOf(fault) })
    return null
  }
}

function ask({ tools }: SlotLife, { device, standing }: Arrival, signal: AbortSignal): Promise<BoardIdentity> {
  const { clock } = tools
  const book = tools.quirks()
  if (standing.kind === 'particle') return identify(device, { clock, signal })
  if (deviceKind(device, book) !== 'other') return identifyDevice(device, { clock, signal, book })
  const { name } = standing.target.wish
  throw new Fault('DFU_BY_BUTTON', `${usbIdText(device)} (${name}) runs a program that offers no DFU`)
}

/** True when the board shall be worked on; false when it is there no more, or is no longer what it was. */
async function startComes(
  life: SlotLife,
  { port, signal }: Place,
  { device, standing, board, isStale }: Arrival & { readonly board: BoardIdentity },
): Promise<boolean> {
  const { tools, room } = life
  const question = questionOf(life, { device, standing, board })
  if (question) {
    // A start from before the question was no answer to it.
    life.startAsked = false
    life.apply({ kind: 'asked', question })
  }
  const look = () => {
    if (port.current() !== device || isStale()) return 'gone'
    return (life.startAsked || (tools.autoStart() && !question)) && tools.recipe() ? 'start' : null
  }
  const news = await room.until(look, signal)
  life.startAsked = false
  return news === 'start'
}
