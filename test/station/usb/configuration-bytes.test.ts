import { describe, expect, it } from 'vitest'
import { configurationBytes } from '../../../src/main/station/usb/configuration-bytes.ts'
import type { NativeInterfaceDescriptor } from '../../../src/main/station/usb/native-usb.ts'

const none = new Uint8Array()
const alternate = (values: Partial<NativeInterfaceDescriptor>): NativeInterfaceDescriptor => ({
  ...{ bLength: 9, bDescriptorType: 4, bInterfaceNumber: 0, bAlternateSetting: 0, bNumEndpoints: 0 },
  ...{ bInterfaceClass: 0xfe, bInterfaceSubClass: 1, bInterfaceProtocol: 2, iInterface: 0, extra: none, endpoints: [] },
  ...values,
})
const endpoint = { bDescriptorType: 5, bEndpointAddress: 0x81, bmAttributes: 1, wMaxPacketSize: 0x0240, bInterval: 9 }

const parsed = {
  ...{ bLength: 9, bDescriptorType: 2, wTotalLength: 0x0148, bNumInterfaces: 2, bConfigurationValue: 1 },
  ...{ iConfiguration: 0, bmAttributes: 0x80, bMaxPower: 50 },
  extra: Uint8Array.of(8, 11, 0, 2, 2, 2, 1, 0),
  interfaces: [
    [
      alternate({ iInterface: 4 }),
      alternate({ bAlternateSetting: 1, iInterface: 5, extra: Uint8Array.of(3, 0x21, 7) }),
    ],
    [
      alternate({
        bInterfaceNumber: 2,
        bNumEndpoints: 2,
        endpoints: [
          { ...endpoint, bLength: 7, bRefresh: 0, bSynchAddress: 0, extra: Uint8Array.of(2, 0x25) },
          { ...endpoint, bLength: 9, bRefresh: 6, bSynchAddress: 0x82, extra: none },
        ],
      }),
    ],
  ],
}

describe('the bytes of a configuration descriptor', () => {
  it('are the parsed descriptors in the order of the wire, with all that libusb did not know', () => {
    const expected = [
      ...[9, 2, 0x48, 0x01, 2, 1, 0, 0x80, 50],
      ...[8, 11, 0, 2, 2, 2, 1, 0],
      ...[9, 4, 0, 0, 0, 0xfe, 1, 2, 4],
      ...[9, 4, 0, 1, 0, 0xfe, 1, 2, 5],
      ...[3, 0x21, 7],
      ...[9, 4, 2, 0, 2, 0xfe, 1, 2, 0],
      ...[7, 5, 0x81, 1, 0x40, 0x02, 9],
      ...[2, 0x25],
      ...[9, 5, 0x81, 1, 0x40, 0x02, 9, 6, 0x82],
    ]
    expect([...configurationBytes(parsed)]).toEqual(expected)
  })
})
