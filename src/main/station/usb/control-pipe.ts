// Endpoint 0 of one open device: its control transfers, with deadlines of our own. The library's timeout is not used: on
// Linux it can fire a minute late, because its event thread does not wake for the timeout of a newly submitted transfer
// (usb 2.18.0). So transfers have none and are cancelled from here. One timer and one listener to each signal watch over
// all of them, since setting up a pair for every transfer took longer than the transfer itself.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import type { NativeDevice, NativeTransfer, NativeUsb } from './native-usb.ts'
import { abortFault, errnoOf, transferCancelled, usbFault } from './usb-faults.ts'
import type { ControlSetup, TransferOptions } from './usb-port.ts'

/** Length of a SETUP packet, which the native buffer begins with (USB 2.0 section 9.3). */
export const setupSizeBytes = 8
/** How long a cancelled transfer may take to come back before it is counted as lost. */
const cancelGraceMs = 2_000

export interface PipeWorld {
  readonly usb: NativeUsb
  readonly device: NativeDevice
  readonly clock: Clock
}

export interface ControlTransfer {
  /** SETUP packet and data, as `controlBuffer` makes it; data of an IN transfer are written into it. */
  readonly buffer: Buffer
  /** Place and request, for the detail of a fault; asked only when there is one. */
  readonly act: () => string
  readonly options: TransferOptions
}

interface Pending extends ControlTransfer {
  readonly native: NativeTransfer
  /** Its callback, which the library keeps as long as the transfer lives, leads here no more. */
  readonly letGo: () => void
  readonly resolve: (sizeBytes: number) => void
  readonly reject: (fault: Fault) => void
  /** Monotonic time at which it is given up, or, once it is, counted as lost. */
  dueMs: number
  givenUp: Fault | null
}

interface Nap {
  readonly untilMs: number
  readonly stop: AbortController
}

/** A buffer with the SETUP packet in front and room for `lengthBytes` of data behind it. */
export function controlBuffer(setup: ControlSetup, lengthBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(setupSizeBytes + lengthBytes)
  buffer[0] = setup.requestType
  buffer[1] = setup.request
  buffer.writeUInt16LE(setup.value, 2)
  buffer.writeUInt16LE(setup.index, 4)
  buffer.writeUInt16LE(lengthBytes, 6)
  return buffer
}

export class ControlPipe {
  readonly #world: PipeWorld
  readonly #pending = new Set<Pending>()
  readonly #listeners = new Map<AbortSignal, () => void>()
  #nap: Nap | null = null
  #drained: (() => void) | null = null
  /** The time of this turn, once it was read. */
  #nowMs: number | null = null

  constructor(world: PipeWorld) {
    this.#world = world
  }

  /** Data bytes moved. Rejects with USB_* faults, past the deadline with USB_TIMEOUT, aborted with the signal's reason. */
  transfer(request: ControlTransfer): Promise<number> {
    const { signal, timeoutMs } = request.options
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    if (signal.aborted) {
      reject(abortFault(signal, request.act()))
      return promise
    }
    const dueMs = this.#now() + timeoutMs
    // A callback that led to its transfer, be it by the stack of the error that it raised, would keep both for ever, and
    // with them the buffer and the device.
    let waiting: Pending | null = null
    const native = this.#world.usb.createTransfer(this.#world.device, (error, _buffer, sizeBytes) => {
      if (waiting) this.#end(waiting, error, sizeBytes)
    })
    const letGo = (): void => {
      waiting = null
    }
    const pending: Pending = { ...request, native, letGo, resolve, reject, dueMs, givenUp: null }
    waiting = pending
    try {
      native.submit(request.buffer)
    } catch (thrown) {
      pending.letGo()
      reject(usbFault(thrown, request.act()))
      return promise
    }
    this.#pending.add(pending)
    this.#listenTo(signal)
    this.#wakeBy(dueMs)
    return promise
  }

  /** Cancels what is pending; it then ends with this fault, unless it was done already. */
  giveUp(fault: Fault): void {
    for (const pending of this.#newestFirst()) this.#giveUpOne(pending, fault)
  }

  /** Waits for what is pending, then leaves no timer and no listener behind. */
  async drain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained = resolve
    if (this.#pending.size === 0) resolve()
    await promise
    this.#drained = null
    this.#nap?.stop.abort()
    this.#nap = null
    for (const [signal, listener] of this.#listeners) signal.removeEventListener('abort', listener)
    this.#listeners.clear()
  }

  /** What is begun in one go has one time: a reading of the clock may be a system call. */
  #now(): number {
    if (this.#nowMs !== null) return this.#nowMs
    this.#nowMs = this.#world.clock.monotonic()
    queueMicrotask(() => {
      this.#nowMs = null
    })
    return this.#nowMs
  }

  #end(pending: Pending, error: Error | undefined, sizeBytes: number): void {
    const { givenUp } = pending
    if (error === undefined) pending.resolve(sizeBytes)
    else if (givenUp && errnoOf(error) === transferCancelled) pending.reject(givenUp)
    else pending.reject(usbFault(error, pending.act()))
    this.#forget(pending)
  }

  #forget(pending: Pending): void {
    pending.letGo()
    this.#pending.delete(pending)
    if (this.#pending.size === 0) this.#drained?.()
  }

  /** The order of cancels: the end of one transfer is the start of the next in line, which must not reach the board. */
  #newestFirst(): readonly Pending[] {
    return [...this.#pending].reverse()
  }

  #giveUpOne(pending: Pending, fault: Fault): void {
    if (pending.givenUp) return
    pending.givenUp = fault
    pending.dueMs = this.#world.clock.monotonic() + cancelGraceMs
    cancelQuietly(pending.native)
    this.#wakeBy(pending.dueMs)
  }

  #listenTo(signal: AbortSignal): void {
    if (this.#listeners.has(signal)) return
    const listener = (): void => {
      for (const pending of this.#newestFirst()) {
        if (pending.options.signal === signal) this.#giveUpOne(pending, abortFault(signal, pending.act()))
      }
    }
    this.#listeners.set(signal, listener)
    signal.addEventListener('abort', listener, { once: true })
  }

  /** The nap ends by then. It is not put off when its transfer is done: the next one is due later, and looked at then. */
  #wakeBy(dueMs: number): void {
    if (this.#nap && this.#nap.untilMs <= dueMs) return
    this.#nap?.stop.abort()
    const { clock } = this.#world
    const nap: Nap = { untilMs: dueMs, stop: new AbortController() }
    this.#nap = nap
    clock.sleep(Math.max(0, dueMs - clock.monotonic()), nap.stop.signal).then(
      () => this.#look(),
      () => {},
    )
  }

  /** Gives up what is due and what stands in line behind it, counts as lost what is due again, naps until the next. */
  #look(): void {
    this.#nap = null
    const nowMs = this.#world.clock.monotonic()
    const due = [...this.#pending].filter(({ dueMs }) => dueMs <= nowMs)
    for (const pending of due) if (pending.givenUp) this.#lose(pending, pending.givenUp)
    const silent = due.find(({ givenUp }) => !givenUp)
    if (silent) this.#giveUpFrom(silent)
    const nextMs = Math.min(...[...this.#pending].map(({ dueMs }) => dueMs))
    if (nextMs < Number.POSITIVE_INFINITY) this.#wakeBy(nextMs)
  }

  #giveUpFrom(silent: Pending): void {
    const fault = new Fault('USB_TIMEOUT', `${silent.act()}: no answer in ${silent.options.timeoutMs} ms`)
    const newest = this.#newestFirst()
    for (const pending of newest.slice(0, newest.indexOf(silent) + 1)) this.#giveUpOne(pending, fault)
  }

  #lose(pending: Pending, fault: Fault): void {
    pending.reject(new Fault(fault.code, `${fault.detail}; the cancel was not honoured`))
    this.#forget(pending)
  }
}

/** A cancel fails when the transfer is just ending by itself, or the device left: either way its end is on the way. */
function cancelQuietly(native: NativeTransfer): void {
  try {
    native.cancel()
  } catch {
    // The end of the transfer tells what happened.
  }
}
