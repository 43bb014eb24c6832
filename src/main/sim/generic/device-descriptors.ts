// Descriptors of a plain DFU device: its own function and a DFU runtime interface beside it while its program runs; one
// DFU interface with an alternate setting per memory while its loader does (USB DFU 1.1, sections 4.1 and 4.2).
import {
  configurationDescriptor,
  type DeviceDescriptors,
  deviceDescriptor,
  interfaceDescriptor,
  languages,
  serialNumberIndex,
  stringDescriptor,
  u16,
} from '../usb/descriptors.ts'
import type { DeviceProfile, DfuAttributes } from './device-profile.ts'

/** Number of the DFU interface while the program runs, and while the loader does. */
export const dfuInterface = { normal: 1, dfu: 0 } as const

const productIndex = 2
const firstNameIndex = 4
const dfuVersion = 0x0110
const busPowered = 0x80

interface ModeFacts {
  readonly mode: 'normal' | 'dfu'
  readonly profile: DeviceProfile
  readonly serialNumber: string
  /** bcdDevice. */
  readonly release: number
}

export function deviceDescriptors({ mode, profile, serialNumber, release }: ModeFacts): DeviceDescriptors {
  const { vendorId, productId } = profile.ids[mode]
  const names = mode === 'dfu' ? profile.memories.map(({ name }) => name) : [profile.productName, 'Firmware update']
  const interfaces = mode === 'dfu' ? loaderInterfaces(names) : programInterfaces()
  const functional = functionalDescriptor(profile)
  return {
    vendorId,
    productId,
    deviceRelease: release,
    serialNumberIndex,
    device: deviceDescriptor({ deviceClass: [0, 0, 0], vendorId, productId, deviceRelease: release }),
    configuration: configurationDescriptor({
      interfaceCount: mode === 'dfu' ? 1 : 2,
      nameIndex: 0,
      attributes: busPowered,
      maxPower: 0x32,
      body: [...interfaces, ...functional],
    }),
    functional: Uint8Array.from(functional),
    strings: new Map([
      [0, languages],
      [1, stringDescriptor('DFU Station')],
      [productIndex, stringDescriptor(profile.productName)],
      [serialNumberIndex, stringDescriptor(serialNumber)],
      ...names.map((name, at) => [firstNameIndex + at, stringDescriptor(name)] as const),
    ]),
    microsoft: null,
    interfaceNumbers: mode === 'dfu' ? [0] : [0, 1],
  }
}

/** The DFU interface comes last, so that the functional descriptor belongs to it. */
function programInterfaces(): readonly number[] {
  const own = {
    number: 0,
    alternate: 0,
    endpoints: 0,
    interfaceClass: [0xff, 0, 0],
    nameIndex: firstNameIndex,
  } as const
  const runtime = {
    ...own,
    number: dfuInterface.normal,
    interfaceClass: [0xfe, 1, 1],
    nameIndex: firstNameIndex + 1,
  } as const
  return [...interfaceDescriptor(own), ...interfaceDescriptor(runtime)]
}

function loaderInterfaces(names: readonly string[]): readonly number[] {
  return names.flatMap((_, alternate) =>
    interfaceDescriptor({
      number: dfuInterface.dfu,
      alternate,
      endpoints: 0,
      interfaceClass: [0xfe, 1, 2],
      nameIndex: firstNameIndex + alternate,
    }),
  )
}

function functionalDescriptor({ attributes, detachTimeoutMs, transferSizeBytes }: DeviceProfile): readonly number[] {
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
