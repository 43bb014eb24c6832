// The bytes a device shows about itself (USB 2.0 chapter 9): device, configuration and string descriptors, as plain
// values that the standard requests hand out.

export interface DeviceDescriptors {
  readonly vendorId: number
  readonly productId: number
  readonly deviceRelease: number
  readonly serialNumberIndex: number
  readonly device: Uint8Array
  readonly configuration: Uint8Array
  /** DFU functional descriptor (of a HID device: the HID descriptor, which has the same type); null when there is none. */
  readonly functional: Uint8Array | null
  /** HID report descriptor; absent on others. */
  readonly report?: Uint8Array
  /** Strings by index, as raw descriptors. */
  readonly strings: ReadonlyMap<number, Uint8Array>
  /** What the Microsoft OS 1.0 descriptors tell; null without them. */
  readonly microsoft: MicrosoftFacts | null
  readonly interfaceNumbers: readonly number[]
  /** What GET_STATUS says; the configuration descriptor may say something else. */
  readonly isSelfPowered?: boolean
}

export interface MicrosoftFacts {
  /** The interface that WinUSB gets. */
  readonly interfaceNumber: number
  /** Its device interface GUID, with braces. */
  readonly guid: string
  /** So many zeros answer the request for the properties of another interface. */
  readonly dummyBytes: number
}

export const particleVendorId = 0x2b04
export const serialNumberIndex = 3

interface DeviceFields {
  /** Class, subclass, protocol. */
  readonly deviceClass: readonly [number, number, number]
  readonly vendorId: number
  readonly productId: number
  readonly deviceRelease: number
  /** iSerialNumber; 0: it tells none. */
  readonly serialIndex?: number
}

export function deviceDescriptor(fields: DeviceFields): Uint8Array {
  const { deviceClass, vendorId, productId, deviceRelease, serialIndex = serialNumberIndex } = fields
  const words = [...u16(vendorId), ...u16(productId), ...u16(deviceRelease)]
  return Uint8Array.from([18, 1, ...u16(0x0200), ...deviceClass, 64, ...words, 1, 2, serialIndex, 1])
}

interface ConfigurationFields {
  readonly interfaceCount: number
  readonly nameIndex: number
  readonly attributes: number
  /** In units of 2 mA. */
  readonly maxPower: number
  readonly body: readonly number[]
}

export function configurationDescriptor(fields: ConfigurationFields): Uint8Array {
  const { interfaceCount, nameIndex, attributes, maxPower, body } = fields
  const head = [9, 2, ...u16(9 + body.length), interfaceCount, 1, nameIndex, attributes, maxPower]
  return Uint8Array.from([...head, ...body])
}

interface InterfaceFields {
  readonly number: number
  readonly alternate: number
  readonly endpoints: number
  readonly interfaceClass: readonly [number, number, number]
  readonly nameIndex: number
}

export function interfaceDescriptor(fields: InterfaceFields): readonly number[] {
  return [9, 4, fields.number, fields.alternate, fields.endpoints, ...fields.interfaceClass, fields.nameIndex]
}

/** A string descriptor: UTF-16LE, at most 126 characters. */
export function stringDescriptor(text: string): Uint8Array {
  const units = [...Buffer.from(text.slice(0, 126), 'utf16le')]
  return Uint8Array.from([2 + units.length, 3, ...units])
}

/** String 0: the list of languages, US English alone. */
export const languages = Uint8Array.from([4, 3, 0x09, 0x04])

export function u16(value: number): readonly [number, number] {
  return [value & 0xff, value >> 8]
}
