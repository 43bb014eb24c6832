// One job on a DFU device that is no Particle board: what it was asked, what it has, and what it has found out. Steps read
// and change it; it lives as long as the job.
import { Fault } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import type { DevicePlan } from '../../../shared/model/device-plan.ts'
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { QuirkBook } from '../devices/quirk-file.ts'
import type { LoaderSession } from '../dfu/loader-session.ts'
import type { JobOrder } from '../jobs/job-order.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { ImageBook } from './image-book.ts'
import type { SeenSerials } from './same-serial.ts'
import type { Returned } from './who-returns.ts'

export interface DeviceJobRequest extends JobOrder {
  readonly board: DfuIdentity
  readonly quirks: QuirkBook
  /** The entry of the recipe that a person chose for it; absent: the first one that names it. */
  readonly target?: DeviceTarget
  /** Other ports with its ids and serial number, as the bench knows by now; absent: as the board had them. */
  readonly twinsOf?: (device: DfuIdentity) => readonly PortPath[]
}

/**
 * Where the device is. outside: not in a session of ours. open: in DFU mode, `loader` speaks to it. reset: its
 * download is done; if it is still there it waits for a bus reset. leaving: it went off by itself, and is or will be somewhere on its port.
 */
export type Whereabouts = 'outside' | 'open' | 'reset' | 'leaving'

export interface DeviceJob {
  readonly request: DeviceJobRequest
  readonly target: DeviceTarget
  plan: DevicePlan
  /** Its loader has told its memories, and the plan goes by them. */
  isSettled: boolean
  book: ImageBook
  /** Bytes of the pieces of its image; null before they are needed. */
  pieces: readonly Uint8Array[] | null
  /** The device as the bus has it now; changes with every reset. */
  device: UsbDevice
  loader: LoaderSession | null
  whereabouts: Whereabouts
  /** The serial number it was seen with in each mode. */
  readonly serials: SeenSerials
  /** The newest identity that was read; the one before the job until then. */
  board: DfuIdentity
  /** Who came back on the port after the last reset; null while its loader is open, and before the first. */
  returned: Returned | null
  /** What the device said once all was done; null until then. */
  after: DfuIdentity | null
  /** Name of who was on the port in place of the device; null as long as nobody was. */
  stranger: string | null
  /** Pieces of which the device took every block, and said OK when it had all of it. */
  readonly accepted: Set<number>
  /** Pieces that it holds, as a look has shown, with all that shares their sectors; none once anything is written. */
  readonly held: Set<number>
  /** Something was erased or written: the device may hold any part of it. */
  isTouched: boolean
  /** Bytes of the running step that went to the device so far. */
  stepBytes: number
  /** Share of the running step that is done, 0 to 1. */
  progress: (share: number) => void
  /** The plan is another one. */
  replanned: () => void
}

/** The fault of a job whose device was exchanged for another. */
export function swapped(job: DeviceJob, stranger: string, why: string): Fault {
  job.stranger = stranger
  return new Fault('BOARD_SWAPPED', `${boardName(job.request.board)} left, ${stranger} came: ${why}`)
}
