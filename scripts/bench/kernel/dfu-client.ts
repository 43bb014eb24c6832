// What the benchmark asks of every DFU client alike, and the job: the words between the round keeper and a client's
// process. Opening and closing are timed apart, since dfu-util does them anew for each act and others need not.

export interface DfuClient {
  /** Opens the first DFU device and makes it ready. */
  open(): Promise<void>
  /** Erases what the data covers and writes it. */
  download(data: Uint8Array): Promise<void>
  readBack(sizeBytes: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** A Boron, as a DFU device, and where its system part lies: alternate setting 0, a whole page. */
export const boron = { vendorId: 0x2b04, productId: 0xd00d, alternate: 0, address: 0x30000, pageBytes: 4096 } as const

/** bare: the same transfers with nothing around them, one by one; queued: those of a block at once. */
export type ClientName = 'particle-usb' | 'station' | 'bare' | 'queued'

export type JobOrder =
  | { readonly act: 'download'; readonly file: string }
  | { readonly act: 'read-back'; readonly sizeBytes: number; readonly file: string }

export type ClientOrder =
  | JobOrder
  /** Only opens, which brings the board to dfuIDLE, and closes. */
  | { readonly act: 'home' }
  /** Of the bare client: how many transfers a second there are. */
  | { readonly act: 'rates' }

export interface ClientReport {
  readonly openMs: number
  readonly workMs: number
  /** 0 where it is part of the work. */
  readonly closeMs: number
}
