// Descriptors of a DFU device: its own function and a DFU runtime interface beside it while its program runs; one DFU
// interface with an alternate setting per memory while its loader does (USB DFU 1.1, sections 4.1 and 4.2).
import { describeDevice, type ShownInterface } from '../usb/describe-device.ts'
import { type DeviceDescriptors, u16 } from '../usb/descriptors.ts'
import type { SerialNumber } from './device-inside.ts'
import type { DfuAttributes, PlainProfile, UsbIds } from './device-profile.ts'

/** Number of the DFU interface while the program runs, and while the loader does. */
export const dfuInterface = { normal: 1, dfu: 0 } as const

const maker = 'DFU Station'

interface ProgramFields {
  readonly ids: UsbIds
  readonly release: number
  readonly productName: string
  readonly serialNumber: SerialNumber
  /** Its own function: one that nobody knows, or a Bluetooth controller. */
  readonly own: 'vendor' | 'bluetooth'
  /** What follows its DFU interface; null: it has none. */
  readonly runtime: readonly number[] | null
}

const ownClass = { vendor: [0xff, 0, 0], bluetooth: [0xe0, 1, 1] } as const
/** Interrupt in for events, bulk in and out for data. */
const ownEndpoints = {
  vendor: [],
  bluetooth: [
    [7, 5, 0x81, 3, 16, 0, 1],
    [7, 5, 0x82, 2, 64, 0, 0],
    [7, 5, 0x02, 2, 64, 0, 0],
  ],
} as const

export function programDescriptors(fields: ProgramFields): DeviceDescriptors {
  const { ids, release, productName, serialNumber, runtime, own } = fields
  const first: ShownInterface = {
    ...{ number: 0, alternate: 0, interfaceClass: ownClass[own], name: productName },
    endpoints: ownEndpoints[own],
  }
  // The DFU interface comes last, so that the functional descriptor belongs to it.
  const dfu: ShownInterface = {
    ...{ number: dfuInterface.normal, alternate: 0, interfaceClass: [0xfe, 1, 1], name: 'Firmware update' },
    extra: runtime ?? [],
  }
  return describeDevice({
    ...ids,
    ...{ release, manufacturer: maker, product: productName, serialNumber },
    functional: runtime?.length ? runtime : null,
    ...(own === 'bluetooth' ? { deviceClass: ownClass.bluetooth } : {}),
    interfaces: runtime ? [first, dfu] : [first],
  })
}

export function loaderDescriptors(
  profile: PlainProfile,
  { serialNumber }: { readonly serialNumber: SerialNumber },
): DeviceDescriptors {
  const functional = plainFunctional(profile)
  const numbers = profile.memories.map(({ interfaceNumber = 0 }) => interfaceNumber)
  const interfaces = profile.memories.map(({ name }, at): ShownInterface => {
    const number = numbers[at] ?? 0
    const first = numbers.indexOf(number)
    const place = profile.descriptor.place === 'first' ? first : numbers.lastIndexOf(number)
    const { interfaceClass } = profile.descriptor
    return { number, alternate: at - first, interfaceClass, name, extra: at === place ? (functional ?? []) : [] }
  })
  return describeDevice({
    ...profile.ids.dfu,
    ...{ release: profile.deviceRelease, manufacturer: maker, product: profile.productName },
    ...{ serialNumber, functional, interfaces },
  })
}

/** As the device has it, right or wrong; null: it has none. */
export function plainFunctional(profile: PlainProfile): readonly number[] | null {
  const { attributes, detachTimeoutMs, transferSizeBytes, descriptor } = profile
  if (descriptor.form === 'missing') return null
  const transferBytes = descriptor.toldTransferBytes ?? transferSizeBytes
  const words = [...u16(detachTimeoutMs), ...u16(transferBytes)]
  const isShort = descriptor.form === 'short'
  const version = isShort ? [] : u16(descriptor.toldVersion)
  return [isShort ? 7 : 9, 0x21, attributeBits(attributes), ...words, ...version]
}

function attributeBits(attributes: DfuAttributes): number {
  const { canDownload, canUpload, isManifestationTolerant, willDetach } = attributes
  return [canDownload, canUpload, isManifestationTolerant, willDetach].reduce(
    (bits, is, n) => bits | (Number(is) << n),
    0,
  )
}
