// What the parts of one slot's life share: what it shows, what people want of it, and what it needs of the world.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../ports.ts'
import type { HeldBoard } from '../station-command.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Kin } from './kin.ts'
import type { PortWatch } from './port-watch.ts'
import type { SlotEvent } from './slot.ts'
import type { Rules } from './standing.ts'
import type { TwinBook } from './twin-book.ts'
import type { WaitingRoom } from './waiting-room.ts'

export interface WorkerTools extends Rules {
  readonly clock: Clock
  readonly log: Log
  readonly shelf: FirmwareShelf
  readonly records: RecordSink
  readonly isSimulated: boolean
  readonly twins: TwinBook
  autoStart(): boolean
  operator(): string | null
  changed(view: SlotView): void
  /** A twin was found: whoever shows the other one looks again. */
  twinsChanged(): void
}

export interface SlotLife {
  readonly tools: WorkerTools
  readonly room: WaitingRoom
  view(): SlotView
  apply(event: SlotEvent): void
  /** A person asked for a start; taken when the job begins, void when the board is another one. */
  startAsked: boolean
  /** From before a restart: the next board keeps this verdict if it is the same one. */
  held: HeldBoard | null
  /** Which entry of the recipe the device here is, where that is settled. */
  kin: Kin | null
  /** The loader of the device of this visit, once it was met. */
  loader: DfuIdentity | null
  /** Came in DFU mode right after a board that had passed and was told to run: the same one, or the next? */
  doubtful: UsbDevice | null
  /** Stops the running job; null when none runs. */
  job: AbortController | null
}

/** The port a slot has, for as long as it has it. */
export interface Place {
  readonly port: PortWatch
  readonly signal: AbortSignal
}
