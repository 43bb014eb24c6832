// What goes over a simulated bus, in words: a listener hears every request before its board does, and can say since when
// a board owes an answer. It reads the set-up packets by itself; neither the engine nor the simulator explains them.
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { ControlSetup, UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

/**
 * Of a bus: "arrived", "left". Of DFU: "erase", "set address", "write", "read", "status", "leave". Of Device OS:
 * "request N" for the start of control request N. Of both: "string N". Anything else is "other".
 */
export type Word = string

export interface HeardBus extends UsbBus {
  /** The listener is told before the board hears of it: it can pull the plug and no answer comes. */
  hear(listener: (portPath: PortPath, word: Word) => void): void
  /** What is known of the port by now. */
  watched(portPath: PortPath): WatchedPort
}

/** Times by the clock, in milliseconds. */
export interface WatchedPort {
  /** Since when the board has not answered a request that it was sent; null when it owes no answer. */
  readonly silentSinceMs: number | null
  /** When a board last left the bus here. */
  readonly leftAtMs: number | null
}

export function hearTraffic(bus: SimulatedBus, clock: Clock): HeardBus {
  const listeners = new Set<(portPath: PortPath, word: Word) => void>()
  const owed = new Map<PortPath, number>()
  const left = new Map<PortPath, number>()
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const say = (portPath: PortPath, word: Word) => {
    for (const listener of listeners) listener(portPath, word)
  }
  const heard = (device: UsbDevice): UsbDevice => {
    const same = known.get(device) ?? heardDevice(device, { say, owed, clock })
    known.set(device, same)
    return same
  }
  // Heard by the listeners before the watchers below: they were not there yet.
  bus.watch(({ kind, device: { portPath } }) => {
    if (kind === 'left') left.set(portPath, clock.monotonic())
    say(portPath, kind)
  })
  return {
    devices: () => bus.devices().map(heard),
    watch: (listener) => bus.watch(({ kind, device }) => listener({ kind, device: heard(device) })),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    hear: (listener) => listeners.add(listener),
    watched: (portPath) => ({ silentSinceMs: owed.get(portPath) ?? null, leftAtMs: left.get(portPath) ?? null }),
  }
}

interface Hearing {
  readonly say: (portPath: PortPath, word: Word) => void
  readonly owed: Map<PortPath, number>
  readonly clock: Clock
}

function heardDevice(device: UsbDevice, { say, owed, clock }: Hearing): UsbDevice {
  const { portPath } = device
  const asked = async <T>(word: Word, transfer: () => Promise<T>): Promise<T> => {
    say(portPath, word)
    const sinceMs = clock.monotonic()
    owed.set(portPath, sinceMs)
    // Only an answer settles it: what the host gives up, the board still owes.
    const answered = (): boolean => owed.get(portPath) === sinceMs && owed.delete(portPath)
    try {
      const answer = await transfer()
      answered()
      return answer
    } catch (thrown) {
      if ((thrown as { readonly code?: string }).code === 'USB_STALL') answered()
      throw thrown
    }
  }
  return {
    ...device,
    controlIn: (setup, lengthBytes, options) =>
      asked(wordOf(setup, null), () => device.controlIn(setup, lengthBytes, options)),
    controlOut: (setup, data, options) => asked(wordOf(setup, data), () => device.controlOut(setup, data, options)),
    selectAlternate: (number, alternate) => asked('other', () => device.selectAlternate(number, alternate)),
  }
}

const classRequest = 0x20
const vendorRequest = 0x40
const kindMask = 0x60
const dnload = 1
const firstDataBlock = 2
const dfuWords: Readonly<Record<number, Word>> = { 2: 'read', 3: 'status' }
const commandWords: Readonly<Record<number, Word>> = { 33: 'set address', 65: 'erase' }
const startOfRequest = 1
const getDescriptor = 6
const stringType = 3

function wordOf({ requestType, request, value, index }: ControlSetup, data: Uint8Array | null): Word {
  const kind = requestType & kindMask
  if (kind === vendorRequest) return request === startOfRequest ? `request ${index}` : 'other'
  if (kind === classRequest) return request === dnload ? downloadWord(value, data) : (dfuWords[request] ?? 'other')
  return request === getDescriptor && value >> 8 === stringType ? `string ${value & 0xff}` : 'other'
}

function downloadWord(block: number, data: Uint8Array | null): Word {
  if (!data || data.length === 0) return 'leave'
  return block >= firstDataBlock ? 'write' : (commandWords[data[0] ?? 0] ?? 'other')
}
