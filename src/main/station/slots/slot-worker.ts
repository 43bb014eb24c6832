// The life of one slot: a board arrives, is identified, gets its job, carries its verdict until it leaves. One worker a
// slot for as long as the bench stands; the board is a visitor.
import { asFault, Fault, reportOf } from '../../../shared/fault/fault.ts'
import { faultCodes } from '../../../shared/fault/fault-codes.ts'
import type { ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { Outcome } from '../../../shared/model/record.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { identify, readDeviceId } from '../identity/identify.ts'
import { runJob } from '../jobs/run-job.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../ports.ts'
import type { HeldBoard } from '../station-command.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { type PortWatch, watchPort } from './port-watch.ts'
import { emptySlot, nextSlot, type SlotEvent } from './slot.ts'
import { openWaitingRoom } from './waiting-room.ts'

/** A board that is back this soon has reset itself; nobody has hands that quick. */
const resetSettlesMs = 4_000
/** Right after its job a board may still reset to apply what it got, and Device OS takes its time to start. */
const freshVerdictMs = 10_000
const freshResetSettlesMs = 6_000

export interface WorkerTools {
  readonly clock: Clock
  readonly log: Log
  readonly shelf: FirmwareShelf
  readonly records: RecordSink
  readonly isSimulated: boolean
  recipe(): ResolvedRecipe | null
  autoStart(): boolean
  operator(): string | null
  changed(view: SlotView): void
}

export class SlotWorker {
  readonly #tools: WorkerTools
  readonly #room = openWaitingRoom()
  readonly #life = new AbortController()
  #view: SlotView
  #port: PortWatch | null = null
  #living: Promise<void> = Promise.resolve()
  #leash = new AbortController()
  #job: AbortController | null = null
  #startAsked = false
  #held: HeldBoard | null = null

  constructor(slot: number, tools: WorkerTools) {
    this.#tools = tools
    this.#view = emptySlot(slot, null)
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
    await this.#unassign(new Fault('JOB_ABORTED', 'the slot was given another port'))
    this.#apply({ kind: 'assigned', portPath })
    if (!portPath) return
    this.#leash = new AbortController()
    this.#port = watchPort(portPath, () => this.#room.changed())
    this.#living = this.#live(this.#port, AbortSignal.any([this.#life.signal, this.#leash.signal]))
  }

  arrived(device: UsbDevice): void {
    this.#port?.arrived(device)
  }

  left(device: UsbDevice): void {
    this.#port?.left(device)
  }

  /** Starts the board that is ready or has its verdict; nothing when a job runs. */
  start(): void {
    if (this.#job || !this.#port?.current()) return
    this.#startAsked = true
    this.#room.changed()
  }

  /** The next board here keeps this verdict if it is the same one. */
  hold(held: HeldBoard): void {
    this.#held = held
  }

  abort(reason: Fault): void {
    this.#job?.abort(reason)
  }

  /** The recipe or the way of starting has changed: a waiting board looks again. */
  reconsider(): void {
    this.#room.changed()
  }

  async end(): Promise<void> {
    await this.#unassign(new Fault('JOB_ABORTED', 'the station was closed'))
    this.#life.abort()
  }

  async #unassign(reason: Fault): Promise<void> {
    this.abort(reason)
    this.#leash.abort(reason)
    await this.#living
    this.#port = null
  }

  #apply(event: SlotEvent): void {
    this.#view = nextSlot(this.#view, event)
    this.#tools.changed(this.#view)
  }

  async #live(port: PortWatch, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const device = await this.#room.until(() => port.current(), signal)
        await this.#visit(device, port, signal)
        this.#apply({ kind: 'left' })
      } catch (thrown) {
        if (signal.aborted) return
        const fault = asFault(thrown)
        this.#tools.log.error(`slot ${this.#view.slot}: ${fault.message} ${fault.stack ?? ''}`)
        this.#apply({ kind: 'refused', fault: reportOf(fault) })
        await this.#room.until(() => (port.current() ? null : true), signal).catch(() => undefined)
      }
    }
  }

  /** From arrival until the board has left. */
  async #visit(arrival: UsbDevice, port: PortWatch, signal: AbortSignal): Promise<void> {
    let device: UsbDevice | null = arrival
    this.#startAsked = false
    while (device) {
      this.#apply({ kind: 'arrived' })
      const board = await this.#identify(device, signal)
      if (board && !this.#isHeld(board) && (await this.#startComes(port, signal))) {
        await this.#work(board, device, { port, signal })
      }
      const after = await this.#leavesOrStarts(port, board, signal)
      device = after === 'starts' ? port.current() : null
    }
  }

  async #identify(device: UsbDevice, signal: AbortSignal): Promise<BoardIdentity | null> {
    try {
      const board = await identify(device, { clock: this.#tools.clock, signal })
      this.#apply({ kind: 'identified', board })
      return board
    } catch (thrown) {
      signal.throwIfAborted()
      const fault = asFault(thrown)
      this.#tools.log.warn(`slot ${this.#view.slot}: not identified: ${fault.message}`)
      this.#apply({ kind: 'refused', fault: reportOf(fault) })
      return null
    }
  }

  /** Shows again what this board had before the station restarted. */
  #isHeld(board: BoardIdentity): boolean {
    const held = this.#held
    this.#held = null
    if (held?.deviceId !== board.deviceId) return false
    this.#apply({ kind: 'started', recipeName: this.#tools.recipe()?.recipe.name ?? '' })
    const endedAt = this.#tools.clock.now()
    this.#apply({ kind: 'finished', outcome: held.outcome, fault: held.fault, durationMs: 0, endedAt })
    return true
  }

  /** True when the board shall be worked on; false when it left before. */
  #startComes(port: PortWatch, signal: AbortSignal): Promise<boolean> {
    const look = () => {
      if (!port.current()) return { start: false }
      const wanted = this.#startAsked || this.#tools.autoStart()
      return wanted && this.#tools.recipe() ? { start: true } : null
    }
    return this.#room.until(look, signal).then((answer) => {
      this.#startAsked = false
      return answer.start
    })
  }

  async #work(board: BoardIdentity, device: UsbDevice, place: { port: PortWatch; signal: AbortSignal }): Promise<void> {
    const recipe = this.#tools.recipe()
    if (!recipe) return
    this.#job = new AbortController()
    this.#apply({ kind: 'started', recipeName: recipe.recipe.name })
    const startedAt = this.#tools.clock.monotonic()
    try {
      const result = await runJob({
        slot: this.#view.slot,
        board,
        device,
        port: place.port,
        recipe,
        operator: this.#tools.operator(),
        isSimulated: this.#tools.isSimulated,
        clock: this.#tools.clock,
        log: this.#tools.log,
        shelf: this.#tools.shelf,
        records: this.#tools.records,
        tell: (event) => this.#apply(event),
        signal: AbortSignal.any([place.signal, this.#job.signal]),
      })
      this.#apply({ kind: 'finished', ...result, endedAt: this.#tools.clock.now() })
    } catch (thrown) {
      // The record could not be opened or closed: whatever the board holds now, nobody may call it passed.
      const fault = asFault(thrown)
      this.#tools.log.error(`slot ${this.#view.slot}: ${fault.message} ${fault.stack ?? ''}`)
      this.#apply({
        kind: 'finished',
        outcome: outcomeOfFault(fault),
        fault: reportOf(fault),
        durationMs: this.#tools.clock.monotonic() - startedAt,
        endedAt: this.#tools.clock.now(),
      })
    } finally {
      this.#job = null
    }
  }

  /** Holds the verdict until the board has left for good, or somebody starts it again. */
  async #leavesOrStarts(port: PortWatch, board: BoardIdentity | null, signal: AbortSignal): Promise<'left' | 'starts'> {
    if (!port.current()) {
      // It went in mid-job: the verdict stays until the next board comes.
      if (this.#view.job) await this.#room.until(() => port.current(), signal)
      return 'left'
    }
    const since = this.#tools.clock.monotonic()
    while (true) {
      const look = () => (this.#startAsked ? 'starts' : port.current() ? null : 'gone')
      const news = await this.#room.until(look, signal)
      if (news === 'starts') return 'starts'
      const isFresh = this.#tools.clock.monotonic() - since < freshVerdictMs
      const timeoutMs = isFresh ? freshResetSettlesMs : resetSettlesMs
      if (!board || !this.#view.job || !(await this.#comesBack(board, port, { timeoutMs, signal }))) return 'left'
    }
  }

  /** True when the board of the verdict is back in time, from a reset of its own. */
  async #comesBack(
    board: BoardIdentity,
    port: PortWatch,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<boolean> {
    const wait = { timeoutMs, clock: this.#tools.clock, signal }
    let back: UsbDevice | null = null
    while (true) {
      back = await port.nextDevice(back, wait)
      if (!back) return false
      try {
        return (await readDeviceId(back, { clock: this.#tools.clock, signal })) === board.deviceId
      } catch (thrown) {
        signal.throwIfAborted()
        // Gone again before it answered: it resets once more. Anything else that gives no ID is not that board.
        if (!(thrown instanceof Fault) || thrown.code !== 'USB_GONE') return false
      }
    }
  }
}

export function outcomeOfFault(fault: Fault): Outcome {
  if (fault.code === 'JOB_ABORTED') return 'aborted'
  return faultCodes[fault.code].outcome
}
