// Descriptors of a board whose bootloader runs: one DFU interface with an alternate setting per memory, whose strings
// are the DfuSe memory maps, and the functional descriptor after the last of them.
import type { Protection } from '../dfu/dfu-face.ts'
import { transferSizeBytes } from '../dfu/dfu-words.ts'
import type { PlatformLayout } from '../layouts.ts'
import type { SimFamily } from '../sim-platforms.ts'
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

interface FamilyFacts {
  readonly release: number
  /** String index of the configuration; what names it and what lies between it and the memories. */
  readonly configurationIndex: number
  readonly nameAt4: 'DFU' | 'product'
  readonly hasNameAt5: boolean
  /** String index of the first memory. */
  readonly firstName: number
  /** So many zeros answer the Microsoft request for the properties of another interface. */
  readonly dummyBytes: number
}

// [U]: the text of string 4 on RTL. Strings 4 and 5 of the others are those of bootloaders before 6.2.0.
const families: Readonly<Record<SimFamily, FamilyFacts>> = {
  gen2: { release: 0x0250, configurationIndex: 2, nameAt4: 'DFU', hasNameAt5: true, firstName: 6, dummyBytes: 10 },
  nrf52: { release: 0x0251, configurationIndex: 4, nameAt4: 'product', hasNameAt5: true, firstName: 6, dummyBytes: 10 },
  rtl872x: {
    ...{ release: 0x0252, configurationIndex: 4, nameAt4: 'product', hasNameAt5: false, firstName: 5 },
    dummyBytes: transferSizeBytes,
  },
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
  const { release, firstName, configurationIndex, dummyBytes } = families[layout.family]
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
      nameIndex: configurationIndex,
      attributes: 0xc0,
      maxPower: 0x32,
      body: [...interfaces, ...functional],
    }),
    functional: Uint8Array.from(functional),
    strings: stringsOf(identity),
    microsoft: { interfaceNumber: 0, guid, dummyBytes },
    interfaceNumbers: [0],
    isSelfPowered: layout.family === 'gen2',
  }
}

function stringsOf(identity: DfuIdentity): ReadonlyMap<number, Uint8Array> {
  const { layout, serialText, protection, tellsDeviceState } = identity
  const { firstName, nameAt4, hasNameAt5 } = families[layout.family]
  const productText = `${layout.productName} DFU Mode`
  const ownName = stringDescriptor(nameAt4 === 'product' ? productText : nameAt4)
  const strings = new Map<number, Uint8Array>([
    [0, languages],
    [1, stringDescriptor('Particle')],
    [2, stringDescriptor(productText)],
    [serialNumberIndex, stringDescriptor(serialText)],
    [4, ownName],
    [microsoftStringIndex, microsoftString],
  ])
  if (hasNameAt5) strings.set(5, ownName)
  for (const [alternate, { text, protectedText }] of layout.alternates.entries()) {
    strings.set(firstName + alternate, stringDescriptor(protection === 'protected' ? protectedText : text))
  }
  const errorIndex = errorStringIndex[layout.family]
  if (errorIndex > 0) strings.set(errorIndex, stringDescriptor('Protected: refused'))
  if (tellsDeviceState) strings.set(deviceStateIndex, stringDescriptor(`sm=${protection[0]}`.padEnd(8, '\0')))
  return strings
}
