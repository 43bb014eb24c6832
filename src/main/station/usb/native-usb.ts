// The few things of the native library that the adapter uses, as narrow types: so that only libusb-bus.ts knows the
// package, and tests can stand in for it without mocking a module.

export interface NativeTransfer {
  /** Throws with an `errno` when the kernel refuses it; else the callback of createTransfer comes once. */
  submit(buffer: Buffer): void
  /** False when nothing is pending. The callback still comes, with status "cancelled". */
  cancel(): boolean
}

export type TransferDone = (error: Error | undefined, buffer: Buffer, actualLength: number) => void
export type NativeDone = (error?: Error) => void

export interface NativeEndpointDescriptor {
  readonly bLength: number
  readonly bDescriptorType: number
  readonly bEndpointAddress: number
  readonly bmAttributes: number
  readonly wMaxPacketSize: number
  readonly bInterval: number
  readonly bRefresh: number
  readonly bSynchAddress: number
  readonly extra: Uint8Array
}

export interface NativeInterfaceDescriptor {
  readonly bLength: number
  readonly bDescriptorType: number
  readonly bInterfaceNumber: number
  readonly bAlternateSetting: number
  readonly bNumEndpoints: number
  readonly bInterfaceClass: number
  readonly bInterfaceSubClass: number
  readonly bInterfaceProtocol: number
  readonly iInterface: number
  readonly extra: Uint8Array
  readonly endpoints: readonly NativeEndpointDescriptor[]
}

export interface NativeConfiguration {
  readonly bLength: number
  readonly bDescriptorType: number
  readonly wTotalLength: number
  readonly bNumInterfaces: number
  readonly bConfigurationValue: number
  readonly iConfiguration: number
  readonly bmAttributes: number
  readonly bMaxPower: number
  readonly extra: Uint8Array
  /** By interface, then by alternate setting. */
  readonly interfaces: readonly (readonly NativeInterfaceDescriptor[])[]
}

/** One enumerated device; the same object in every listing until it leaves. */
export interface NativeDevice {
  readonly busNumber: number
  readonly deviceAddress: number
  readonly portNumbers?: readonly number[] | undefined
  readonly deviceDescriptor: {
    readonly bDeviceClass: number
    readonly idVendor: number
    readonly idProduct: number
    readonly bcdDevice: number
    readonly iManufacturer: number
    readonly iProduct: number
    readonly iSerialNumber: number
  }
  readonly configDescriptor: NativeConfiguration | undefined
  readonly allConfigDescriptors: readonly NativeConfiguration[]
  __open(): void
  /** Throws while a transfer is pending. */
  __close(): void
  __claimInterface(interfaceNumber: number): void
  __releaseInterface(interfaceNumber: number, done: NativeDone): void
  __setInterface(interfaceNumber: number, alternate: number, done: NativeDone): void
  reset(done: NativeDone): void
}

export interface NativeUsb {
  listDevices(): readonly NativeDevice[]
  /** A control transfer on endpoint 0 without a timeout of the library's own. */
  createTransfer(device: NativeDevice, done: TransferDone): NativeTransfer
  /** Calls back after anything was plugged or unplugged, perhaps. Returns the stop. */
  onChange(listener: () => void): () => void
}
