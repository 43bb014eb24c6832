// One enumerated device behind the USB seam: from its arrival until it leaves. Keeps the order that the native library
// needs (nothing pending at close, interfaces released first) and tells "unplugged" apart from other failures.
import { Fault } from '../../../shared/fault/fault.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { Clock, Log } from '../ports.ts'
import { configurationBytes } from './configuration-bytes.ts'
import { ControlPipe, controlBuffer, setupSizeBytes } from './control-pipe.ts'
import type { NativeDevice, NativeDone, NativeUsb } from './native-usb.ts'
import { abortFault, isNotPermitted, resetFault, usbFault } from './usb-faults.ts'
import type { ControlSetup, TransferOptions, UsbDevice } from './usb-port.ts'

export interface DeviceWorld {
  readonly usb: NativeUsb
  readonly clock: Clock
  readonly log: Log
}

/** Right after an arrival udev may not have set the permissions yet, nor Windows bound its driver. */
const permissionPatienceMs = 2_000
const permissionRetryMs = 100
/** A board that loses its power first fails a transfer; the hub reports that it left up to 256 ms later. */
const leaveNoticeMs = 400

export class NativeUsbDevice implements UsbDevice {
  readonly portPath: PortPath
  readonly deviceAddress: number
  readonly vendorId: number
  readonly productId: number
  readonly deviceRelease: number
  readonly manufacturerIndex: number
  readonly productIndex: number
  readonly serialNumberIndex: number
  readonly #native: NativeDevice
  readonly #world: DeviceWorld
  readonly #arrivedAt: number
  readonly #left = new AbortController()
  readonly #pipe: ControlPipe
  readonly #acts = new Set<Promise<void>>()
  readonly #claimed = new Set<number>()
  #configuration: Uint8Array | null = null
  #isOpen = false
  #closing: Promise<void> | null = null

  constructor(native: NativeDevice, portPath: PortPath, world: DeviceWorld) {
    this.portPath = portPath
    this.deviceAddress = native.deviceAddress
    this.vendorId = native.deviceDescriptor.idVendor
    this.productId = native.deviceDescriptor.idProduct
    this.deviceRelease = native.deviceDescriptor.bcdDevice
    this.manufacturerIndex = native.deviceDescriptor.iManufacturer
    this.productIndex = native.deviceDescriptor.iProduct
    this.serialNumberIndex = native.deviceDescriptor.iSerialNumber
    this.#native = native
    this.#world = world
    this.#arrivedAt = world.clock.monotonic()
    this.#pipe = new ControlPipe({ usb: world.usb, device: native, clock: world.clock })
  }

  configuration(): Uint8Array {
    this.#configuration ??= this.#readConfiguration()
    return this.#configuration
  }

  async open(signal: AbortSignal): Promise<void> {
    const act = `${this.portPath}: open`
    await this.#closing
    if (signal.aborted) throw abortFault(signal, act)
    while (!this.#tryOpen(act)) {
      await this.#world.clock.sleep(permissionRetryMs, signal).catch(() => {
        throw abortFault(signal, act)
      })
    }
  }

  async controlIn(setup: ControlSetup, lengthBytes: number, options: TransferOptions): Promise<Uint8Array> {
    if ((setup.requestType & 0x80) === 0) throw new Fault('INTERNAL', `${this.#name(setup)}: not an IN request`)
    const buffer = controlBuffer(setup, lengthBytes)
    const sizeBytes = await this.#transfer(buffer, setup, options)
    return new Uint8Array(buffer.buffer, buffer.byteOffset + setupSizeBytes, sizeBytes)
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, options: TransferOptions): Promise<void> {
    if ((setup.requestType & 0x80) !== 0) throw new Fault('INTERNAL', `${this.#name(setup)}: not an OUT request`)
    const buffer = controlBuffer(setup, data.length)
    buffer.set(data, setupSizeBytes)
    const sizeBytes = await this.#transfer(buffer, setup, options)
    if (sizeBytes === data.length) return
    throw new Fault('USB_FAILED', `${this.#name(setup)}: the board took ${sizeBytes} of ${data.length} bytes`)
  }

  async claim(interfaceNumber: number): Promise<void> {
    const act = `${this.portPath}: claim interface ${interfaceNumber}`
    this.#mustBeOpen(act)
    try {
      this.#native.__claimInterface(interfaceNumber)
    } catch (thrown) {
      throw usbFault(thrown, act)
    }
    this.#claimed.add(interfaceNumber)
  }

  async release(interfaceNumber: number): Promise<void> {
    const act = `${this.portPath}: release interface ${interfaceNumber}`
    this.#mustBeOpen(act)
    await this.#releaseNative(interfaceNumber, act)
  }

  async selectAlternate(interfaceNumber: number, alternate: number): Promise<void> {
    const act = `${this.portPath}: select alternate ${alternate} of interface ${interfaceNumber}`
    this.#mustBeOpen(act)
    await this.#act(act, (done) => this.#native.__setInterface(interfaceNumber, alternate, done))
  }

  async reset(): Promise<void> {
    const act = `${this.portPath}: reset`
    this.#mustBeOpen(act)
    await this.#act(act, (done) => this.#native.reset(done), resetFault)
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut().finally(() => {
      this.#closing = null
    })
    return this.#closing
  }

  /** Told by the bus: the device is no longer listed. What is pending ends with USB_GONE, and the device is closed. */
  async markLeft(): Promise<void> {
    const fault = new Fault('USB_GONE', `${this.portPath}: unplugged`)
    this.#left.abort(fault)
    this.#pipe.giveUp(fault)
    await this.close()
  }

  /** Told by the bus: the station stops. What is pending is cancelled, then the device is closed. */
  async abandon(): Promise<void> {
    this.#pipe.giveUp(new Fault('JOB_ABORTED', `${this.portPath}: the station stops`))
    await this.close()
  }

  #tryOpen(act: string): boolean {
    if (this.#left.signal.aborted) throw new Fault('USB_GONE', `${act}: unplugged`)
    try {
      this.#native.__open()
    } catch (thrown) {
      const ageMs = this.#world.clock.monotonic() - this.#arrivedAt
      if (isNotPermitted(thrown) && ageMs < permissionPatienceMs) return false
      throw usbFault(thrown, act)
    }
    this.#isOpen = true
    return true
  }

  #readConfiguration(): Uint8Array {
    const act = `${this.portPath}: configuration descriptor`
    try {
      const parsed = this.#native.configDescriptor ?? this.#native.allConfigDescriptors[0]
      if (parsed !== undefined) return configurationBytes(parsed)
    } catch (thrown) {
      throw usbFault(thrown, act)
    }
    throw new Fault(this.#left.signal.aborted ? 'USB_GONE' : 'USB_FAILED', `${act}: none`)
  }

  async #transfer(buffer: Buffer, setup: ControlSetup, options: TransferOptions): Promise<number> {
    const act = (): string => this.#name(setup)
    if (!this.#isOpen) this.#mustBeOpen(act())
    try {
      return await this.#pipe.transfer({ buffer, act, options })
    } catch (thrown) {
      throw await this.#explain(usbFault(thrown, act()), options.signal)
    }
  }

  /** Runs what the library does on its thread pool; such an act has no cancel, the kernel bounds it to seconds. */
  async #act(act: string, start: (done: NativeDone) => void, toFault = usbFault): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#acts.add(promise)
    try {
      start((error) => (error === undefined ? resolve() : reject(error)))
      await promise
    } catch (thrown) {
      throw await this.#explain(toFault(thrown, act), this.#left.signal)
    } finally {
      this.#acts.delete(promise)
    }
  }

  /** An unclear failure right before the device leaves was the leaving. */
  async #explain(fault: Fault, signal: AbortSignal): Promise<Fault> {
    if (fault.code !== 'USB_FAILED' && fault.code !== 'USB_TIMEOUT') return fault
    const left = this.#left.signal
    if (fault.code === 'USB_FAILED' && !left.aborted) {
      await this.#world.clock.sleep(leaveNoticeMs, AbortSignal.any([left, signal])).catch(() => {})
    }
    return left.aborted ? new Fault('USB_GONE', `${fault.detail}; unplugged`, { cause: fault }) : fault
  }

  async #releaseNative(interfaceNumber: number, act: string): Promise<void> {
    await this.#act(act, (done) => this.#native.__releaseInterface(interfaceNumber, done))
    this.#claimed.delete(interfaceNumber)
  }

  async #shut(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await Promise.allSettled([...this.#acts, this.#pipe.drain()])
    const act = `${this.portPath}: close`
    for (const claimed of [...this.#claimed]) await this.#quietly(() => this.#releaseNative(claimed, act))
    this.#claimed.clear()
    await this.#quietly(async () => this.#native.__close())
  }

  async #quietly(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (thrown) {
      const isGone = this.#left.signal.aborted || (thrown instanceof Fault && thrown.code === 'USB_GONE')
      if (!isGone) this.#world.log.warn(`${this.portPath}: close: ${String(thrown)}`)
    }
  }

  #mustBeOpen(act: string): void {
    if (this.#isOpen) return
    if (this.#left.signal.aborted) throw new Fault('USB_GONE', `${act}: unplugged`)
    throw new Fault('INTERNAL', `${act}: the device is not open`)
  }

  #name(setup: ControlSetup): string {
    const { requestType, request, value, index } = setup
    const fields = [requestType, request, value, index].map((field) => field.toString(16)).join(' ')
    return `${this.portPath}: control request ${fields}`
  }
}
