// The interfaces of a device from its raw configuration descriptor (USB 2.0 section 9.6.5), however badly that is made: for
// devices that the station has no business with, too, so it must not throw and not know what DFU is.
import type { UsbDevice } from '../usb/usb-port.ts'

type Configured = Partial<Pick<UsbDevice, 'configuration'>>

export interface UsbInterface {
  readonly interfaceNumber: number
  readonly alternate: number
  readonly interfaceClass: number
  readonly subclass: number
  readonly protocol: number
}

const interfaceType = 0x04
const interfaceBytes = 9

/** Every alternate setting of every interface in its order; empty where the configuration cannot be had or is no such. */
export function interfacesOf(device: Configured): readonly UsbInterface[] {
  const bytes = readOrNothing(device)
  const found: UsbInterface[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const lengthBytes = bytes[at] ?? 0
    if (lengthBytes < 2 || at + lengthBytes > bytes.length) break
    if (bytes[at + 1] === interfaceType && lengthBytes >= interfaceBytes) found.push(interfaceAt(bytes, at))
    at += lengthBytes
  }
  return found
}

function interfaceAt(bytes: Uint8Array, at: number): UsbInterface {
  const [, , interfaceNumber = 0, alternate = 0, , interfaceClass = 0, subclass = 0, protocol = 0] = bytes.subarray(at)
  return { interfaceNumber, alternate, interfaceClass, subclass, protocol }
}

function readOrNothing(device: Configured): Uint8Array {
  try {
    return device.configuration?.() ?? new Uint8Array()
  } catch {
    // It left, or the system cannot read it: then nothing is known of its interfaces.
    return new Uint8Array()
  }
}
