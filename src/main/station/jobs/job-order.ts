// What every job is asked for and what it comes to, whatever kind of board it is on. It knows no kind of board.
import type { FaultReport } from '../../../shared/fault/fault.ts'
import type { ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { Outcome } from '../../../shared/model/record.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { JobEvent } from './job-event.ts'

/** The port of the slot: where a board that reset itself comes back, or whatever else is plugged in there. */
export interface JobPort {
  current(): UsbDevice | null
  nextDevice(
    previous: UsbDevice | null,
    wait: { readonly timeoutMs: number; readonly clock: Clock; readonly signal: AbortSignal },
  ): Promise<UsbDevice | null>
}

export interface JobOrder {
  readonly slot: number
  readonly device: UsbDevice
  readonly port: JobPort
  readonly recipe: ResolvedRecipe
  readonly operator: string | null
  readonly isSimulated: boolean
  readonly clock: Clock
  readonly log: Log
  readonly shelf: FirmwareShelf
  readonly records: RecordSink
  readonly tell: (event: JobEvent) => void
  readonly signal: AbortSignal
}

export interface JobResult {
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly durationMs: number
  /** Name of who is on the port in place of the board of the job: known after BOARD_SWAPPED, else null. */
  readonly stranger: string | null
  /** The enumeration of the board that was worked on last. */
  readonly device: UsbDevice
}

/** What a step did: bytes that went to the board and a note for the record. */
export interface StepReport {
  readonly bytes: number
  readonly detail: string | null
}

export const didNothingMore: StepReport = { bytes: 0, detail: null }
