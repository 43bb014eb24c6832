// The line between the desk and the USB process: every message that may pass, both ways. Structured clones, no
// functions. Requests carry an id and get exactly one answer.
import type { CallOutcome } from '../../shared/contract/define-contract.ts'
import type { FaultCode } from '../../shared/fault/fault-codes.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { RecordClosing, RecordOpening } from '../../shared/model/record.ts'
import type { StationCommand, StationNews } from '../station/station-command.ts'

/** Boards with a verdict are taken out after `holdMs` and the next ones put in; boardsInAll 0 goes on for ever. */
export interface BenchOperatorOrders {
  readonly boardsInAll: number
  readonly holdMs: number
}

export type BusChoice =
  | { readonly kind: 'usb' }
  /** Boards as "boron:4,photon:2" or the text of a bench file. */
  | {
      readonly kind: 'simulated'
      readonly boards: string
      readonly speed: number
      readonly operator: BenchOperatorOrders | null
      /** Where the flash of every board is written as files when the process ends; null for nowhere. */
      readonly dumpFolder: string | null
    }

export interface HostConfig {
  readonly bus: BusChoice
  readonly libraryFolder: string
  /** Commands that set the station up before the first board is looked at. */
  readonly setup: readonly StationCommand[]
}

/** What the USB process asks of the desk: records, which only the desk may write. */
export type RecordAsk =
  | { readonly kind: 'open'; readonly opening: RecordOpening }
  | { readonly kind: 'close'; readonly closing: RecordClosing }
export type RecordAnswer = CallOutcome<RecordId | null>

export type ToHost =
  | { readonly kind: 'configure'; readonly config: HostConfig }
  | { readonly kind: 'command'; readonly command: StationCommand }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: RecordAnswer }
  | { readonly kind: 'stop' }

export type FromHost = HostWords | { readonly kind: 'alive' }

/** Everything but the sign of life, which is the supervisor's alone. */
export type HostWords =
  | { readonly kind: 'ready' }
  | { readonly kind: 'news'; readonly news: StationNews }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: RecordAsk }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }
  /** The simulated operator has no more boards to put in, and the bench is empty. */
  | { readonly kind: 'bench-done' }
  /** The process could not begin (no USB, a bad bench): nothing more will come. */
  | { readonly kind: 'failed'; readonly code: FaultCode; readonly detail: string }
