// What goes over a simulated bus, in words: a listener hears every request before its board does, and can keep the board
// from ever hearing of it. It reads the set-up packets by itself; neither the engine nor the simulator explains them.
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { ControlSetup, TransferOptions, UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

/**
 * Of a bus: "arrived", "left". Of DFU: "erase", "set address", "write", "read", "status", "leave". Of Device OS:
 * "request N" for the start of control request N. Of both: "string N". Anything else is "other".
 */
export type Word = string

export interface HeardBus extends UsbBus {
  /** The listener is told before the board hears of it: it can pull the plug and no answer comes. */
  hear(listener: (portPath: PortPath, word: Word) => void): void
  /** The board on the port answers nothing more, this very request included, until it has left. */
  silence(portPath: PortPath): void
  /** When a device last left the port, by the clock; null before. */
  leftAtMs(portPath: PortPath): number | null
}

export function hearTraffic(bus: SimulatedBus, clock: Clock): HeardBus {
  const listeners = new Set<(portPath: PortPath, word: Word) => void>()
  const left = new Map<PortPath, number>()
  /** Each is aborted when its board leaves. */
  const silent = new Map<PortPath, AbortController>()
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const say = (portPath: PortPath, word: Word) => {
    for (const listener of listeners) listener(portPath, word)
  }
  const heard = (device: UsbDevice): UsbDevice => {
    const same = known.get(device) ?? heardDevice(device, { say, silent, clock })
    known.set(device, same)
    return same
  }
  // Heard by the listeners before the watchers below: they were not there yet.
  bus.watch(({ kind, device: { portPath } }) => {
    if (kind === 'left') {
      left.set(portPath, clock.monotonic())
      silent.get(portPath)?.abort()
      silent.delete(portPath)
    }
    say(portPath, kind)
  })
  return {
    devices: () => bus.devices().map(heard),
    watch: (listener) => bus.watch(({ kind, device }) => listener({ kind, device: heard(device) })),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    hear: (listener) => listeners.add(listener),
    silence: (portPath) => silent.set(portPath, new AbortController()),
    leftAtMs: (portPath) => left.get(portPath) ?? null,
  }
}

interface Hearing {
  readonly say: (portPath: PortPath, word: Word) => void
  readonly silent: ReadonlyMap<PortPath, AbortController>
  readonly clock: Clock
}

function heardDevice(device: UsbDevice, { say, silent, clock }: Hearing): UsbDevice {
  const { portPath } = device
  const asked = async <T>(word: Word, limits: TransferOptions, transfer: () => Promise<T>): Promise<T> => {
    say(portPath, word)
    const silence = silent.get(portPath)
    if (!silence) return await transfer()
    await clock.sleep(limits.timeoutMs, AbortSignal.any([limits.signal, silence.signal])).catch((thrown: unknown) => {
      limits.signal.throwIfAborted()
      throw new Fault('USB_GONE', `${word}: the silent board left`, { cause: thrown })
    })
    throw new Fault('USB_TIMEOUT', `${word}: the board is silent`)
  }
  return {
    ...device,
    controlIn: (setup, lengthBytes, options) =>
      asked(wordOf(setup, null), options, () => device.controlIn(setup, lengthBytes, options)),
    controlOut: (setup, data, options) =>
      asked(wordOf(setup, data), options, () => device.controlOut(setup, data, options)),
    selectAlternate: (number, alternate) =>
      asked('other', selectLimits, () => device.selectAlternate(number, alternate)),
  }
}

/** As a kernel gives a device to take a SET_INTERFACE. */
const selectLimits: TransferOptions = { timeoutMs: 5_000, signal: new AbortController().signal }
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
