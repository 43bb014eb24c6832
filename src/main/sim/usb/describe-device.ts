// Descriptors of a device from what it shows: ids, strings and interfaces in their order, each with what follows it.
import {
  configurationDescriptor,
  type DeviceDescriptors,
  deviceDescriptor,
  interfaceDescriptor,
  languages,
  serialNumberIndex,
  stringDescriptor,
} from './descriptors.ts'

export interface ShownInterface {
  readonly number: number
  readonly alternate: number
  /** Class, subclass, protocol. */
  readonly interfaceClass: readonly [number, number, number]
  /** Null: it has no string. */
  readonly name: string | null
  /** Class descriptors between the interface and its endpoints, or without any at its end. */
  readonly extra?: readonly number[]
  /** Endpoint descriptors, 7 bytes each. */
  readonly endpoints?: readonly (readonly number[])[]
}

export interface ShownDevice {
  readonly vendorId: number
  readonly productId: number
  /** bcdDevice. */
  readonly release: number
  readonly manufacturer: string
  readonly product: string
  /** Null: the device tells none. Bytes: the raw descriptor, for devices that do not keep to UTF-16. */
  readonly serialNumber: string | Uint8Array | null
  readonly deviceClass?: readonly [number, number, number]
  /** bmAttributes of the configuration; default: powered by the bus. */
  readonly attributes?: number
  readonly interfaces: readonly ShownInterface[]
  /** DFU functional descriptor, as a request for it alone gives it. */
  readonly functional: readonly number[] | null
  /** HID report descriptor. */
  readonly report?: readonly number[]
}

const productIndex = 2
const firstNameIndex = 4
const busPowered = 0x80
const maxPower = 0x32

export function describeDevice(shown: ShownDevice): DeviceDescriptors {
  const { vendorId, productId, release, interfaces, functional, serialNumber } = shown
  const numbers = [...new Set(interfaces.map(({ number }) => number))]
  const serialIndex = serialNumber === null ? 0 : serialNumberIndex
  const device = deviceDescriptor({
    deviceClass: shown.deviceClass ?? [0, 0, 0],
    vendorId,
    productId,
    deviceRelease: release,
    serialIndex,
  })
  return {
    vendorId,
    productId,
    deviceRelease: release,
    serialNumberIndex: serialIndex,
    device,
    configuration: configurationDescriptor({
      interfaceCount: numbers.length,
      nameIndex: 0,
      attributes: shown.attributes ?? busPowered,
      maxPower,
      body: interfaces.flatMap(bytesOf),
    }),
    functional: functional === null ? null : Uint8Array.from(functional),
    ...(shown.report ? { report: Uint8Array.from(shown.report) } : {}),
    strings: stringsOf(shown),
    microsoft: null,
    interfaceNumbers: numbers,
  }
}

function bytesOf(shown: ShownInterface, at: number): readonly number[] {
  const { number, alternate, interfaceClass, name, extra = [], endpoints = [] } = shown
  const nameIndex = name === null ? 0 : firstNameIndex + at
  const own = interfaceDescriptor({ number, alternate, endpoints: endpoints.length, interfaceClass, nameIndex })
  return [...own, ...extra, ...endpoints.flat()]
}

function stringsOf({ manufacturer, product, serialNumber, interfaces }: ShownDevice): ReadonlyMap<number, Uint8Array> {
  const strings = new Map<number, Uint8Array>([
    [0, languages],
    [1, stringDescriptor(manufacturer)],
    [productIndex, stringDescriptor(product)],
  ])
  if (typeof serialNumber === 'string') strings.set(serialNumberIndex, stringDescriptor(serialNumber))
  else if (serialNumber) strings.set(serialNumberIndex, serialNumber)
  for (const [at, { name }] of interfaces.entries()) {
    if (name !== null) strings.set(firstNameIndex + at, stringDescriptor(name))
  }
  return strings
}
