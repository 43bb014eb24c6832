// Descriptors of a board whose Device OS runs: a composite device of a serial port (CDC ACM, two interfaces) and the
// control interface without endpoints. RTL gives the control interface number 0, the others number 2.
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

const guid = '{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}'
const serialNameIndex = 5
const controlNameIndex = 6
const releases: Readonly<Record<SimFamily, number>> = { gen2: 0x0250, nrf52: 0x0102, rtl872x: 0x0251 }

export function normalDescriptors(layout: PlatformLayout, serialText: string): DeviceDescriptors {
  const productId = 0xc000 | layout.platformId
  const deviceRelease = releases[layout.family]
  const isControlFirst = layout.family === 'rtl872x'
  const controlNumber = isControlFirst ? 0 : 2
  const control = controlInterface(controlNumber)
  const port = serialPort(isControlFirst ? 1 : 0)
  return {
    vendorId: particleVendorId,
    productId,
    deviceRelease,
    serialNumberIndex,
    device: deviceDescriptor({
      deviceClass: [0xef, 2, 1],
      vendorId: particleVendorId,
      productId,
      deviceRelease,
    }),
    configuration: configurationDescriptor({
      interfaceCount: 3,
      nameIndex: 4,
      attributes: isControlFirst ? 0x80 : 0xc0,
      maxPower: 0x32,
      body: isControlFirst ? [...control, ...port] : [...port, ...control],
    }),
    functional: null,
    strings: new Map([
      [0, languages],
      [1, stringDescriptor('Particle')],
      [2, stringDescriptor(layout.productName)],
      [serialNumberIndex, stringDescriptor(serialText)],
      [4, stringDescriptor(`${layout.productName} Configuration`)],
      [serialNameIndex, stringDescriptor(`${layout.productName} Serial`)],
      [controlNameIndex, stringDescriptor(`${layout.productName} Control Interface`)],
      [microsoftStringIndex, microsoftString],
    ]),
    microsoft: { interfaceNumber: controlNumber, guid },
    interfaceNumbers: [0, 1, 2],
  }
}

function controlInterface(number: number): readonly number[] {
  const interfaceClass = [0xff, 0xff, 0xff] as const
  return interfaceDescriptor({ number, alternate: 0, endpoints: 0, interfaceClass, nameIndex: controlNameIndex })
}

/** Interface association, communication interface with its functional descriptors (CDC 1.2), data interface. */
function serialPort(first: number): readonly number[] {
  const data = first + 1
  const association = [8, 0x0b, first, 2, 2, 2, 1, serialNameIndex]
  const communication = interfaceDescriptor({
    number: first,
    alternate: 0,
    endpoints: 1,
    interfaceClass: [2, 2, 1],
    nameIndex: serialNameIndex,
  })
  const functional = [5, 0x24, 0, 0x10, 1, 5, 0x24, 1, 0, data, 4, 0x24, 2, 2, 5, 0x24, 6, first, data]
  const dataInterface = interfaceDescriptor({
    number: data,
    alternate: 0,
    endpoints: 2,
    interfaceClass: [0x0a, 0, 0],
    nameIndex: serialNameIndex,
  })
  return [
    ...association,
    ...communication,
    ...functional,
    ...endpoint(0x81, 3, 16),
    ...dataInterface,
    ...endpoint(0x02, 2, 64),
    ...endpoint(0x82, 2, 64),
  ]
}

function endpoint(address: number, transferType: number, packetBytes: number): readonly number[] {
  const intervalMs = transferType === 3 ? 16 : 0
  return [7, 5, address, transferType, ...u16(packetBytes), intervalMs]
}
