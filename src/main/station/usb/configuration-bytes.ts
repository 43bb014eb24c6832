// The configuration descriptor as the device sent it, put together again from libusb's parsed form. libusb gives that
// form without opening the device, on every system; the raw bytes it gives only of an open one. Order and content are
// those of USB 2.0 section 9.6: libusb keeps what it does not know in `extra`, behind the descriptor it followed.
import type { NativeConfiguration, NativeEndpointDescriptor, NativeInterfaceDescriptor } from './native-usb.ts'

const low = (word: number): number => word & 0xff
const high = (word: number): number => (word >> 8) & 0xff

/**
 * Raw bytes of a configuration. As long as wTotalLength says, unless the device's descriptors were malformed: then the
 * result holds what libusb could make of them.
 */
export function configurationBytes(parsed: NativeConfiguration): Uint8Array {
  const { bLength, bDescriptorType, wTotalLength, bNumInterfaces } = parsed
  const head = [bLength, bDescriptorType, low(wTotalLength), high(wTotalLength), bNumInterfaces]
  const tail = [parsed.bConfigurationValue, parsed.iConfiguration, parsed.bmAttributes, parsed.bMaxPower]
  const interfaces = parsed.interfaces.flat().flatMap(interfaceBytes)
  return Uint8Array.from([...head, ...tail, ...parsed.extra, ...interfaces])
}

function interfaceBytes(parsed: NativeInterfaceDescriptor): readonly number[] {
  const { bLength, bDescriptorType, bInterfaceNumber, bAlternateSetting, bNumEndpoints } = parsed
  const head = [bLength, bDescriptorType, bInterfaceNumber, bAlternateSetting, bNumEndpoints]
  const tail = [parsed.bInterfaceClass, parsed.bInterfaceSubClass, parsed.bInterfaceProtocol, parsed.iInterface]
  return [...head, ...tail, ...parsed.extra, ...parsed.endpoints.flatMap(endpointBytes)]
}

function endpointBytes(parsed: NativeEndpointDescriptor): readonly number[] {
  const { bLength, bDescriptorType, bEndpointAddress, bmAttributes, wMaxPacketSize, bInterval } = parsed
  const fixed = [bLength, bDescriptorType, bEndpointAddress, bmAttributes, low(wMaxPacketSize), high(wMaxPacketSize)]
  // Audio endpoints are two bytes longer (USB Audio 1.0 section 4.6.1.1).
  const audio = bLength >= 9 ? [parsed.bRefresh, parsed.bSynchAddress] : []
  return [...fixed, bInterval, ...audio, ...parsed.extra]
}
