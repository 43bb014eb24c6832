// Descriptors of a board whose bootloader runs: one DFU interface with an alternate setting per memory, whose strings
// are the DfuSe memory maps, and the functional descriptor after the last of them.
import type { Protection } from '../dfu/dfu-face.ts'
import { transferSizeBytes } from '../dfu/dfu-words.ts'
import type { PlatformLayout, SimFamily } from '../layouts.ts'
import {
  configurationDescriptor,
  type DeviceDescriptors,
  deviceDescriptor,
  interfaceDescriptor,
  languages,
  particleVendorId,
  serialNumberIndex,
  stringDescriptor,
  u16,
} from './descriptors.ts'
import { microsoftString, microsoftStringIndex } from './microsoft-os.ts'

const guid = '{37fb5f90-1a34-4929-933b-8a27e1850033}'
const deviceStateIndex = 0xfa

const families: Readonly<Record<SimFamily, { readonly release: number; readonly firstName: number }>> = {
  gen2: { release: 0x0250, firstName: 6 },
  nrf52: { release: 0x0251, firstName: 6 },
  rtl872x: { release: 0x0252, firstName: 5 },
}

/** String index of the text that GETSTATUS names when protection refused a request; 0 on Gen 2. */
export const errorStringIndex: Readonly<Record<SimFamily, number>> = { gen2: 0, nrf52: 10, rtl872x: 7 }

/** bmAttributes download, upload, will detach; 255 ms; 4096 bytes; DfuSe 1.1a. */
const functional = [9, 0x21, 0x0b, ...u16(255), ...u16(transferSizeBytes), ...u16(0x011a)]

interface DfuIdentity {
  readonly layout: PlatformLayout
  /** As the board spells it. */
  readonly serialText: string
  readonly protection: Protection
  /** Whether the bootloader is new enough to tell its security mode in string 0xFA. */
  readonly tellsDeviceState: boolean
}

export function dfuDescriptors(identity: DfuIdentity): DeviceDescriptors {
  const { layout } = identity
  const { release, firstName } = families[layout.family]
  const productId = 0xd000 | layout.platformId
  const interfaces = layout.alternates.flatMap((_, alternate) =>
    interfaceDescriptor({
      number: 0,
      alternate,
      endpoints: 0,
      interfaceClass: [0xfe, 1, 2],
      nameIndex: firstName + alternate,
    }),
  )
  return {
    vendorId: particleVendorId,
    productId,
    deviceRelease: release,
    serialNumberIndex,
    device: deviceDescriptor({
      deviceClass: [0, 0, 0],
      vendorId: particleVendorId,
      productId,
      deviceRelease: release,
    }),
    configuration: configurationDescriptor({
      interfaceCount: 1,
      nameIndex: layout.family === 'gen2' ? 2 : 4,
      attributes: 0xc0,
      maxPower: 0x32,
      body: [...interfaces, ...functional],
    }),
    functional: Uint8Array.from(functional),
    strings: stringsOf(identity, firstName),
    microsoft: { interfaceNumber: 0, guid },
    interfaceNumbers: [0],
  }
}

function stringsOf(identity: DfuIdentity, firstName: number): ReadonlyMap<number, Uint8Array> {
  const { layout, serialText, protection, tellsDeviceState } = identity
  const strings = new Map<number, Uint8Array>([
    [0, languages],
    [1, stringDescriptor('Particle')],
    [2, stringDescriptor(`${layout.productName} DFU Mode`)],
    [serialNumberIndex, stringDescriptor(serialText)],
    [microsoftStringIndex, microsoftString],
  ])
  if (layout.family !== 'gen2') strings.set(4, stringDescriptor('DFU Configuration'))
  for (const [alternate, { text, protectedText }] of layout.alternates.entries()) {
    strings.set(firstName + alternate, stringDescriptor(protection === 'protected' ? protectedText : text))
  }
  const errorIndex = errorStringIndex[layout.family]
  if (errorIndex > 0) strings.set(errorIndex, stringDescriptor('Protected: refused'))
  if (tellsDeviceState) strings.set(deviceStateIndex, stringDescriptor(`sm=${protection[0]}`.padEnd(8, '\0')))
  return strings
}
