// The worker of one slot, for as long as the bench stands: it has a port or none, and receives one board after the other
// there. The slot is the place; the board is a visitor.
import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { HeldBoard } from '../station-command.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { type PortWatch, watchPort } from './port-watch.ts'
import { emptySlot, nextSlot } from './slot.ts'
import type { Place, SlotLife, WorkerTools } from './slot-life.ts'
import type { TwinBook } from './twin-book.ts'
import { receiveBoard } from './visit.ts'
import { openWaitingRoom } from './waiting-room.ts'

export class SlotWorker {
  readonly #life: SlotLife
  #view: SlotView
  #port: PortWatch | null = null
  #leash = new AbortController()
  #living: Promise<void> = Promise.resolve()

  constructor(slot: number, tools: WorkerTools) {
    this.#view = emptySlot(slot, null)
    this.#life = {
      tools,
      room: openWaitingRoom(),
      view: () => this.#view,
      apply: (event) => {
        const board = 'board' in event && event.board.kind === 'dfu' ? event.board : null
        if (board?.mode === 'dfu') this.#life.loader = board
        const isNews = board !== null && tools.twins.meet(board)
        this.#view = withTwins(nextSlot(this.#view, event), tools.twins)
        tools.changed(this.#view)
        if (isNews) tools.twinsChanged()
      },
      startAsked: false,
      held: null,
      kin: null,
      loader: null,
      doubtful: null,
      job: null,
    }
  }

  get view(): SlotView {
    return this.#view
  }

  get portPath(): PortPath | null {
    return this.#view.portPath
  }

  /** Another port, or none; what ran on the old one is stopped first. */
  async assign(portPath: PortPath | null): Promise<void> {
    if (portPath === this.portPath) return
    await this.#giveUpPort(new Fault('JOB_ABORTED', 'the slot was given another port'))
    this.#life.apply({ kind: 'assigned', portPath })
    if (!portPath) return
    this.#leash = new AbortController()
    this.#port = watchPort(portPath, () => this.#life.room.changed())
    this.#living = live(this.#life, { port: this.#port, signal: this.#leash.signal })
  }

  arrived(device: UsbDevice): void {
    this.#port?.arrived(device)
  }

  left(device: UsbDevice): void {
    this.#port?.left(device)
  }

  /** Starts the board that is ready or has its verdict; nothing when a job runs, or when there is nothing to do. */
  start(): void {
    const { job, tools, room } = this.#life
    if (job || !this.#port?.current() || !tools.recipe()) return
    this.#life.startAsked = true
    room.changed()
  }

  /** The next board here keeps this verdict if it is the same one. */
  hold(held: HeldBoard): void {
    this.#life.held = held
  }

  abort(reason: Fault): void {
    this.#life.job?.abort(reason)
  }

  /** Somebody has met a device with the ids and the serial number of one that was here before. */
  lookForTwins(): void {
    const view = withTwins(this.#view, this.#life.tools.twins)
    if (view === this.#view) return
    this.#view = view
    this.#life.tools.changed(view)
  }

  /** The recipe, the quirks or the way of starting have changed: a waiting board looks again. */
  reconsider(): void {
    this.#life.room.changed()
  }

  /** The running job is stopped and its record closed. */
  async end(): Promise<void> {
    await this.#giveUpPort(new Fault('JOB_ABORTED', 'the station was closed'))
  }

  async #giveUpPort(reason: Fault): Promise<void> {
    this.#leash.abort(reason)
    await this.#living
    this.#port = null
  }
}

/** The same view where there is nothing new. */
function withTwins(view: SlotView, book: TwinBook): SlotView {
  const { board } = view
  if (board?.kind !== 'dfu') return view
  const twins = book.twinsOf(board)
  return twins.join() === board.twins.join() ? view : { ...view, board: { ...board, twins } }
}

/** One board after the other, until the slot loses its port. */
async function live(life: SlotLife, place: Place): Promise<void> {
  const { port, signal } = place
  while (!signal.aborted) {
    try {
      await receiveBoard(life, place, await life.room.until(() => port.current(), signal))
      life.apply({ kind: 'left' })
    } catch (thrown) {
      if (!signal.aborted) await setAside(life, place, asFault(thrown))
    }
  }
}

/** A bug in the station: the board is refused, and the next one gets its chance. */
async function setAside(life: SlotLife, { port, signal }: Place, fault: Fault): Promise<void> {
  life.tools.log.error(`slot ${life.view().slot}: ${fault.message} ${fault.stack ?? ''}`)
  life.apply({ kind: 'refused', fault: reportOf(fault) })
  await life.room.until(() => (port.current() ? null : true), signal).catch(() => undefined)
  if (!signal.aborted) life.apply({ kind: 'left' })
}
