// What the operator reads of a device that is no business of the bench: a mouse, a disk, a DFU device that no recipe names.
// From ids and descriptors alone; such a device is never opened.
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import { interfacesOf, type UsbInterface } from '../devices/interfaces.ts'
import type { UsbDevice } from '../usb/usb-port.ts'

type Bystander = Pick<UsbDevice, 'vendorId' | 'productId' | 'configuration'>

/** Class codes of USB-IF, by what people call such a device; the first that fits names it. */
const kinds: readonly { readonly words: string; fits(face: UsbInterface): boolean }[] = [
  { words: 'keyboard', fits: (face) => isBootInput(face) && face.protocol === 1 },
  { words: 'mouse', fits: (face) => isBootInput(face) && face.protocol === 2 },
  { words: 'USB disk', fits: ({ interfaceClass }) => interfaceClass === 0x08 },
  { words: 'printer', fits: ({ interfaceClass }) => interfaceClass === 0x07 },
  { words: 'camera', fits: ({ interfaceClass }) => interfaceClass === 0x0e || interfaceClass === 0x06 },
  { words: 'sound device', fits: ({ interfaceClass }) => interfaceClass === 0x01 },
  { words: 'Bluetooth adapter', fits: (face) => face.interfaceClass === 0xe0 && face.subclass === 1 },
  { words: 'card reader', fits: ({ interfaceClass }) => interfaceClass === 0x0b },
  { words: 'serial port', fits: (face) => face.interfaceClass === 0x02 && face.subclass === 2 },
  { words: 'input device', fits: ({ interfaceClass }) => interfaceClass === 0x03 },
]

/** "mouse 046d:c077: left alone" */
export function bystanderText(device: Bystander): string {
  const faces = interfacesOf(device)
  const kind = kinds.find(({ fits }) => faces.some(fits))
  return `${kind?.words ?? 'USB device'} ${usbIdText(device)}: left alone`
}

/** "DFU device 1209:0002: left alone, no recipe names it" */
export function unnamedText(device: Bystander): string {
  return `DFU device ${usbIdText(device)}: left alone, no recipe names it`
}

/** HID with a boot interface: the protocol tells a keyboard from a mouse. */
function isBootInput({ interfaceClass, subclass }: UsbInterface): boolean {
  return interfaceClass === 0x03 && subclass === 1
}
