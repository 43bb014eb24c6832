// Descriptors of a DFU device: its own function and a DFU runtime interface beside it while its program runs; one DFU
// interface with an alternate setting per memory while its loader does (USB DFU 1.1, sections 4.1 and 4.2).
import { describeDevice, type ShownInterface } from '../usb/describe-device.ts'
import { type DeviceDescriptors, u16 } from '../usb/descriptors.ts'
import type { SerialNumber } from './device-inside.ts'
import type { DfuAttributes, PlainProfile, UsbIds } from './device-profile.ts'

/** Number of the DFU interface while the program runs, and while the loader does. */
export const dfuInterface = { normal: 1, dfu: 0 } as const

const maker = 'DFU Station'
const dfuVersion = 0x0110

interface ProgramFields {
  readonly ids: UsbIds
  readonly release: number
  readonly productName: string
  readonly serialNumber: SerialNumber
  /** Null: it has no DFU interface. */
  readonly functional: readonly number[] | null
}

export function programDescriptors({ ids, release, productName, serialNumber, functional }: ProgramFields) {
  const own: ShownInterface = { number: 0, alternate: 0, interfaceClass: [0xff, 0, 0], name: productName }
  // The DFU interface comes last, so that the functional descriptor belongs to it.
  const runtime: ShownInterface = {
    number: dfuInterface.normal,
    alternate: 0,
    interfaceClass: [0xfe, 1, 1],
    name: 'Firmware update',
    extra: functional ?? [],
  }
  return describeDevice({
    ...ids,
    ...{ release, manufacturer: maker, product: productName, serialNumber, functional },
    interfaces: functional ? [own, runtime] : [own],
  })
}

interface LoaderFields {
  readonly release: number
  readonly serialNumber: SerialNumber
}

export function loaderDescriptors(profile: PlainProfile, { release, serialNumber }: LoaderFields): DeviceDescriptors {
  const functional = plainFunctional(profile)
  const interfaces = profile.memories.map(
    ({ name }, alternate): ShownInterface => ({
      number: dfuInterface.dfu,
      alternate,
      interfaceClass: [0xfe, 1, 2],
      name,
      extra: alternate === profile.memories.length - 1 ? functional : [],
    }),
  )
  const product = profile.productName
  return describeDevice({
    ...profile.ids.dfu,
    ...{ release, manufacturer: maker, product, serialNumber, functional, interfaces },
  })
}

export function plainFunctional({ attributes, detachTimeoutMs, transferSizeBytes }: PlainProfile): readonly number[] {
  const words = [...u16(detachTimeoutMs), ...u16(transferSizeBytes), ...u16(dfuVersion)]
  return [9, 0x21, attributeBits(attributes), ...words]
}

function attributeBits(attributes: DfuAttributes): number {
  const { canDownload, canUpload, isManifestationTolerant, willDetach } = attributes
  return [canDownload, canUpload, isManifestationTolerant, willDetach].reduce(
    (bits, is, n) => bits | (Number(is) << n),
    0,
  )
}
