import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { NativeUsbBus } from '../../../src/main/station/usb/native-bus.ts'
import { parseStringDescriptor, readStringDescriptor } from '../../../src/main/station/usb/string-descriptor.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { FakeDevice, FakeUsb, journalLog } from './fake-native.ts'

const options = { timeoutMs: 100, signal: new AbortController().signal }

function descriptorOf(text: string): Uint8Array {
  const units = Buffer.from(text, 'utf16le')
  return Uint8Array.from([units.length + 2, 3, ...units])
}

async function withDevice<T>(answer: Uint8Array, use: (device: UsbDevice, usb: FakeUsb) => Promise<T>): Promise<T> {
  const usb = new FakeUsb()
  usb.present = [new FakeDevice()]
  usb.answer = { kind: 'data', data: answer }
  await using bus = new NativeUsbBus({ usb, clock: systemClock, log: journalLog([]) })
  const device = bus.devices()[0]
  if (device === undefined) throw new Error('no device')
  await device.open(options.signal)
  return await use(device, usb)
}

describe('a string descriptor', () => {
  it('is any text that fits, unchanged', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        expect(parseStringDescriptor(descriptorOf(text))).toBe(text)
      }),
    )
  })

  it('never makes the parser throw, whatever the device sends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), (bytes) => {
        const text = parseStringDescriptor(bytes)
        expect(text === null || text.length * 2 + 2 === bytes[0]).toBe(true)
      }),
    )
  })

  it('that is cut short, of odd length or of another type is none', () => {
    const malformed = [[], [4], [4, 3, 65], [5, 3, 65, 0, 66], [4, 2, 65, 0], [0, 3], [1, 3]]
    expect(malformed.map((bytes) => parseStringDescriptor(Uint8Array.from(bytes)))).toEqual(malformed.map(() => null))
  })

  it('is asked for in US English', async () => {
    await withDevice(descriptorOf('e00fce68'), async (device, usb) => {
      expect(await readStringDescriptor(device, 3, options)).toBe('e00fce68')
      expect(usb.submitted[0]?.subarray(0, 8)).toEqual(Buffer.from([0x80, 6, 3, 3, 0x09, 0x04, 0xff, 0x00]))
    })
  })

  it('of index 0 is none, and the device is not asked', async () => {
    await withDevice(descriptorOf('x'), async (device, usb) => {
      expect(await readStringDescriptor(device, 0, options)).toBeNull()
      expect(usb.submitted).toEqual([])
    })
  })

  it('that is malformed is a fault that shows its bytes', async () => {
    await withDevice(Uint8Array.of(4, 2, 9, 9), async (device) => {
      await expect(readStringDescriptor(device, 3, options)).rejects.toMatchObject({
        code: 'USB_FAILED',
        detail: '2-1.4: string descriptor 3 is malformed: 04020909',
      })
    })
  })
})
