// The USB seam: the narrow interface behind which libusb, simulated boards and one day other backends fit. Shaped like
// WebUSB in its transfers, like libusb in identity and errors. Failures are Faults (USB_*) with the native error as
// cause. It must not know what DFU or Particle is.
import type { PortPath } from '../../../shared/model/ids.ts'

/** The five fields of a SETUP packet but wLength, which follows from the data (USB 2.0 section 9.3). */
export interface ControlSetup {
  readonly requestType: number
  readonly request: number
  readonly value: number
  readonly index: number
}

export interface TransferOptions {
  /** Deadline of this transfer; past it the transfer is cancelled and a USB_TIMEOUT thrown. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface UsbDevice {
  readonly portPath: PortPath
  /** Changes at every enumeration; tells two visits to one port apart. */
  readonly deviceAddress: number
  readonly vendorId: number
  readonly productId: number
  /** bcdDevice as the descriptor has it. */
  readonly deviceRelease: number
  /** iManufacturer of the device descriptor; 0 when there is none. */
  readonly manufacturerIndex: number
  /** iProduct of the device descriptor; 0 when there is none. */
  readonly productIndex: number
  /** iSerialNumber of the device descriptor; 0 when there is none. */
  readonly serialNumberIndex: number
  /** The whole configuration descriptor, raw: interfaces, alternate settings, functional descriptors. */
  configuration(): Uint8Array
  open(signal: AbortSignal): Promise<void>
  /** Resolves with at most `lengthBytes`; shorter when the device sent less. */
  controlIn(setup: ControlSetup, lengthBytes: number, options: TransferOptions): Promise<Uint8Array>
  controlOut(setup: ControlSetup, data: Uint8Array, options: TransferOptions): Promise<void>
  claim(interfaceNumber: number): Promise<void>
  release(interfaceNumber: number): Promise<void>
  /** SET_INTERFACE on a claimed interface. */
  selectAlternate(interfaceNumber: number, alternate: number): Promise<void>
  reset(): Promise<void>
  /** Waits for the pending transfer, releases what is claimed, closes. Never throws; closing twice is harmless. */
  close(): Promise<void>
}

export type UsbEvent =
  | { readonly kind: 'arrived'; readonly device: UsbDevice }
  | { readonly kind: 'left'; readonly device: UsbDevice }

export interface UsbBus {
  /** What is plugged in now, in no particular order. */
  devices(): readonly UsbDevice[]
  /** News from now on; the listener must not throw. Returns the stop. */
  watch(listener: (event: UsbEvent) => void): () => void
  [Symbol.asyncDispose](): Promise<void>
}
