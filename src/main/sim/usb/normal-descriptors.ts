// Descriptors of a board whose Device OS runs: a composite device of a serial port (CDC ACM, two interfaces) and the
// control interface without endpoints. RTL gives the control interface number 0, the others number 2. What the table
// marks [U] is not known from a source; Device OS before 6.2.0 (2.3.1 on Gen 2) is the source of the rest.
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

const guid = '{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}'
const configurationNameIndex = 4

interface EndpointFacts {
  readonly address: number
  readonly intervalMs: number
}

interface FamilyFacts {
  readonly deviceRelease: number
  /** Bus powered 0x80, self-powered 0xC0. */
  readonly attributes: number
  /** In units of 2 mA. */
  readonly maxPower: number
  readonly controlNumber: number
  readonly serialNumber: number
  /** String indexes; 0: the interface has no name. */
  readonly controlNameIndex: number
  readonly serialNameIndex: number
  readonly serialName: string
  readonly callManagement: number
  readonly notify: EndpointFacts & { readonly packetBytes: number }
  /** The two bulk endpoints, in the order of their descriptors. */
  readonly bulk: readonly [EndpointFacts, EndpointFacts]
  /** So many zeros answer the Microsoft request for the properties of another interface. */
  readonly dummyBytes: number
}

const families: Readonly<Record<SimFamily, FamilyFacts>> = {
  gen2: {
    ...{ deviceRelease: 0x0250, attributes: 0x80, maxPower: 0x32, controlNumber: 2, serialNumber: 0 },
    // [U]: the serial port's string index.
    ...{ controlNameIndex: 9, serialNameIndex: 10, serialName: 'Serial', callManagement: 0, dummyBytes: 10 },
    notify: { address: 0x83, intervalMs: 16, packetBytes: 8 },
    bulk: [
      { address: 0x01, intervalMs: 16 },
      { address: 0x81, intervalMs: 0 },
    ],
  },
  nrf52: {
    // [U]: the release's encoding, attributes and power, the control interface's string index, the 16 ms.
    ...{ deviceRelease: 0x0102, attributes: 0xc0, maxPower: 0x32, controlNumber: 2, serialNumber: 0 },
    ...{ controlNameIndex: 5, serialNameIndex: 0, serialName: '', callManagement: 3, dummyBytes: 10 },
    notify: { address: 0x82, intervalMs: 16, packetBytes: 64 },
    bulk: [
      { address: 0x81, intervalMs: 0 },
      { address: 0x01, intervalMs: 0 },
    ],
  },
  rtl872x: {
    ...{ deviceRelease: 0x0251, attributes: 0x80, maxPower: 0xfa, controlNumber: 0, serialNumber: 1 },
    ...{ controlNameIndex: 5, serialNameIndex: 6, serialName: 'USB Serial', callManagement: 0, dummyBytes: 64 },
    notify: { address: 0x81, intervalMs: 16, packetBytes: 8 },
    bulk: [
      { address: 0x02, intervalMs: 16 },
      { address: 0x83, intervalMs: 16 },
    ],
  },
}

export function normalDescriptors(layout: PlatformLayout, serialText: string): DeviceDescriptors {
  const facts = families[layout.family]
  const { deviceRelease, attributes, maxPower, controlNumber, serialNumber, dummyBytes } = facts
  const productId = 0xc000 | layout.platformId
  const control = controlInterface(facts)
  const port = serialPort(facts)
  return {
    vendorId: particleVendorId,
    productId,
    deviceRelease,
    serialNumberIndex,
    device: deviceDescriptor({ deviceClass: [0xef, 2, 1], vendorId: particleVendorId, productId, deviceRelease }),
    configuration: configurationDescriptor({
      interfaceCount: 3,
      nameIndex: configurationNameIndex,
      attributes,
      maxPower,
      body: controlNumber < serialNumber ? [...control, ...port] : [...port, ...control],
    }),
    functional: null,
    strings: stringsOf(facts, { productName: layout.productName, serialText }),
    microsoft: { interfaceNumber: controlNumber, guid, dummyBytes },
    interfaceNumbers: [0, 1, 2],
    isSelfPowered: layout.family === 'gen2',
  }
}

interface Names {
  readonly productName: string
  readonly serialText: string
}

function stringsOf(facts: FamilyFacts, { productName, serialText }: Names): ReadonlyMap<number, Uint8Array> {
  const strings = new Map([
    [0, languages],
    [1, stringDescriptor('Particle')],
    [2, stringDescriptor(productName)],
    [serialNumberIndex, stringDescriptor(serialText)],
    // [U]: no source has this text.
    [configurationNameIndex, stringDescriptor(`${productName} Configuration`)],
    [facts.controlNameIndex, stringDescriptor(`${productName} Control Interface`)],
    [microsoftStringIndex, microsoftString],
  ])
  if (facts.serialNameIndex > 0)
    strings.set(facts.serialNameIndex, stringDescriptor(`${productName} ${facts.serialName}`))
  return strings
}

function controlInterface({ controlNumber, controlNameIndex }: FamilyFacts): readonly number[] {
  return interfaceDescriptor({
    number: controlNumber,
    alternate: 0,
    endpoints: 0,
    interfaceClass: [0xff, 0xff, 0xff],
    nameIndex: controlNameIndex,
  })
}

/** Interface association, communication interface with its functional descriptors (CDC 1.2), data interface. */
function serialPort({ serialNumber, serialNameIndex, callManagement, notify, bulk }: FamilyFacts): readonly number[] {
  const data = serialNumber + 1
  const named = { alternate: 0, nameIndex: serialNameIndex }
  return [
    ...[8, 0x0b, serialNumber, 2, 2, 2, 1, serialNameIndex],
    ...interfaceDescriptor({ ...named, number: serialNumber, endpoints: 1, interfaceClass: [2, 2, 1] }),
    ...[5, 0x24, 0, 0x10, 1],
    ...[5, 0x24, 1, callManagement, data],
    ...[4, 0x24, 2, 2],
    ...[5, 0x24, 6, serialNumber, data],
    ...endpoint(notify, { transferType: 3, packetBytes: notify.packetBytes }),
    ...interfaceDescriptor({ ...named, number: data, endpoints: 2, interfaceClass: [0x0a, 0, 0] }),
    ...bulk.flatMap((facts) => endpoint(facts, { transferType: 2, packetBytes: 64 })),
  ]
}

interface EndpointKind {
  readonly transferType: number
  readonly packetBytes: number
}

function endpoint({ address, intervalMs }: EndpointFacts, kind: EndpointKind): readonly number[] {
  return [7, 5, address, kind.transferType, ...u16(kind.packetBytes), intervalMs]
}
