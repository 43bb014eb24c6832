// One job on its way: what it was asked, what it has, and what it has found out. Steps read and change it; it lives as
// long as the job.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { DeviceId } from '../../../shared/model/ids.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { DfuSession } from '../dfu/session.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { JobOrder } from './job-order.ts'
import type { ModuleBook } from './module-book.ts'

export interface JobRequest extends JobOrder {
  readonly board: ParticleIdentity
}

export interface Job {
  readonly request: JobRequest
  readonly plan: Plan
  readonly book: ModuleBook
  /** The board as the bus has it now; changes with every reset. */
  device: UsbDevice
  /** Open while the board is in DFU mode. */
  dfu: DfuSession | null
  /** A module waits in the update area: the Device OS that starts will apply it with a reset. */
  isStaged: boolean
  /** Until this monotonic time the board may reset by itself, applying what it was given. */
  ownResetsUntil: number
  /** The newest identity that was read; the one before the job until then. */
  board: ParticleIdentity
  /** What the board said once all was done; null until then. */
  after: ParticleIdentity | null
  /** Who was on the port in place of the board; null as long as nobody was. */
  stranger: DeviceId | null
  /** Bytes of the running step that went to the board so far. */
  stepBytes: number
  /** What a verification found that belongs to no module. */
  readonly differences: string[]
  /** Share of the running step that is done, 0 to 1. */
  progress(share: number): void
}

export function deviceIdOf(job: Job): DeviceId {
  return job.request.board.deviceId
}

/** The fault of a job whose board was exchanged for another. */
export function swapped(job: Job, stranger: DeviceId): Fault {
  job.stranger = stranger
  return new Fault('BOARD_SWAPPED', `${deviceIdOf(job)} left, ${stranger} came`)
}

export function dfuOf(job: Job): DfuSession {
  if (!job.dfu) throw new Fault('INTERNAL', 'a DFU step runs outside DFU mode')
  return job.dfu
}

/** The bytes of a module from the library, checked against its SHA-256 there. */
export function bytesOf(job: Job, module: FirmwareModule): Promise<Uint8Array> {
  return job.request.shelf.bytesOf(module)
}
