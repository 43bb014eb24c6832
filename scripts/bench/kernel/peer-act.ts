// One line of what the test kernel says to the benchmark outside: an act of one client, or the rates of bare transfers.
import type { ClientName, ClientReport } from './dfu-client.ts'

export type PeerName = 'dfu-util' | ClientName

export interface PeerAct extends ClientReport {
  readonly client: PeerName
  readonly act: 'download' | 'read-back'
  readonly round: number
  readonly sizeBytes: number
  /** From the board's first DNLOAD or UPLOAD of the act to the end of its last DFU request. */
  readonly dfuMs: number
  /** DFU requests in that time by the board's account: DNLOAD, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT. */
  readonly dfuRequests: number
  /** Erase, program and wire time of the act by the board's account, at real speed. */
  readonly floorMs: number
  /** Whether the board's memory was afterwards what it must be. */
  readonly isRight: boolean
}

/** Bare control transfers a second, by their data stage. */
export interface RawRates {
  readonly rates: { readonly status: number; readonly read: number; readonly write: number }
}
