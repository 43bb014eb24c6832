// A device that has descriptors and strings and nothing else, on a clock whose time jumps. How it answers for a string is
// the test's.
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { deviceAt } from '../slots/devices.ts'

/** A text, raw bytes, or what happens instead. "late": never within its time. */
export type Told = string | Uint8Array | 'stalls!' | 'late!' | 'gone!'

export interface ToldOptions {
  readonly ids?: { readonly vendorId: number; readonly productId: number }
  readonly deviceRelease?: number
  /** By index: 1 is the manufacturer, 2 the product, 3 the serial number, from 4 on the memories. */
  readonly strings?: Readonly<Record<number, Told>>
  /** LANGID of its strings. */
  readonly language?: number
  readonly indexes?: Partial<Pick<UsbDevice, 'manufacturerIndex' | 'productIndex' | 'serialNumberIndex'>>
  /** Class, subclass, protocol of each alternate setting of its one interface; its string is 4 + alternate. */
  readonly alternates?: readonly (readonly [number, number, number])[]
  /** bmAttributes, wDetachTimeOut, wTransferSize, bcdDFUVersion; null for none. */
  readonly functional?: readonly [number, number, number, number] | null
}

export interface ToldDevice {
  readonly device: UsbDevice
  readonly clock: Clock
  /** "open", "string 3", "close". */
  readonly acts: readonly string[]
}

const word = (value: number) => [value & 0xff, value >> 8]
const english = 0x0409

export function toldDevice(options: ToldOptions = {}): ToldDevice {
  const { ids = { vendorId: 0x1209, productId: 0x0002 }, strings = {}, language = english } = options
  const clock = createVirtualClock()
  const acts: string[] = []
  const device: UsbDevice = {
    ...deviceAt('1-1.2', 5, ids),
    deviceRelease: options.deviceRelease ?? 0x0102,
    ...options.indexes,
    configuration: () => configurationOf(options),
    open: async () => {
      acts.push('open')
    },
    close: async () => {
      acts.push('close')
    },
    controlIn: async ({ value, index: asked }, _lengthBytes, { timeoutMs, signal }) => {
      signal.throwIfAborted()
      const index = value & 0xff
      acts.push(asked === english || index === 0 ? `string ${index}` : `string ${index} in 0x${asked.toString(16)}`)
      if (index === 0) return Uint8Array.from([4, 3, ...word(language)])
      const told = asked === language ? strings[index] : 'stalls!'
      if (told === 'late!') {
        await clock.sleep(timeoutMs, signal)
        throw new Fault('USB_TIMEOUT', `no answer in ${timeoutMs} ms`)
      }
      if (told === 'gone!') throw new Fault('USB_GONE', 'unplugged')
      if (told === 'stalls!' || told === undefined) throw new Fault('USB_STALL', 'stall')
      if (typeof told !== 'string') return told
      const units = [...Buffer.from(told, 'utf16le')]
      return Uint8Array.from([2 + units.length, 3, ...units])
    },
  }
  return { device, clock, acts }
}

function configurationOf({ alternates = [[0xfe, 1, 2]], functional = [0x0b, 1000, 2048, 0x0110] }: ToldOptions) {
  const interfaces = alternates.flatMap((each, alternate) => [9, 4, 0, alternate, 0, ...each, 4 + alternate])
  const [attributes = 0, ...words] = functional ?? []
  const tail = functional ? [9, 0x21, attributes, ...words.flatMap(word)] : []
  const body = [...interfaces, ...tail]
  return Uint8Array.from([9, 2, ...word(9 + body.length), 1, 1, 0, 0x80, 50, ...body])
}
