// The bus: which devices are plugged in. The library's attach and detach events are hints only, since events can be lost
// or come in odd orders; what counts is the listing, taken at every hint and now and then without one.
import type { PortPath } from '../../../shared/model/ids.ts'
import { type DeviceWorld, NativeUsbDevice } from './native-device.ts'
import type { NativeDevice } from './native-usb.ts'
import { portPathOf } from './port-path.ts'
import type { UsbBus, UsbEvent } from './usb-port.ts'

/** How often the bus is listed without a hint. */
const safetyPollMs = 3_000
const hubClass = 0x09

export class NativeUsbBus implements UsbBus {
  readonly #world: DeviceWorld
  readonly #present = new Map<NativeDevice, NativeUsbDevice>()
  readonly #listeners = new Set<(event: UsbEvent) => void>()
  readonly #closings = new Set<Promise<void>>()
  readonly #stopped = new AbortController()
  readonly #stopHints: () => void
  readonly #polling: Promise<void>

  /** Starts watching; what is plugged in now is in `devices()` at once, without events. */
  constructor(world: DeviceWorld) {
    this.#world = world
    this.#stopHints = world.usb.onChange(() => this.#reconcile())
    this.#reconcile()
    this.#polling = this.#poll()
  }

  devices(): readonly NativeUsbDevice[] {
    return [...this.#present.values()]
  }

  watch(listener: (event: UsbEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort()
    this.#stopHints()
    this.#listeners.clear()
    await Promise.all([this.#polling, ...this.#closings, ...this.devices().map((device) => device.abandon())])
    this.#present.clear()
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await this.#world.clock.sleep(safetyPollMs, signal).catch(() => {})
      this.#reconcile()
    }
  }

  #reconcile(): void {
    if (this.#stopped.signal.aborted) return
    try {
      const listed = new Set(this.#world.usb.listDevices())
      for (const [native, device] of [...this.#present]) if (!listed.has(native)) this.#remove(native, device)
      for (const native of listed) if (!this.#present.has(native)) this.#add(native)
    } catch (thrown) {
      this.#world.log.warn(`USB devices could not be listed: ${String(thrown)}`)
    }
  }

  #add(native: NativeDevice): void {
    const portPath = boardPathOf(native)
    if (portPath === null) return
    const device = new NativeUsbDevice(native, portPath, this.#world)
    this.#present.set(native, device)
    this.#tell({ kind: 'arrived', device })
  }

  #remove(native: NativeDevice, device: NativeUsbDevice): void {
    this.#present.delete(native)
    const closing = device.markLeft().finally(() => this.#closings.delete(closing))
    this.#closings.add(closing)
    this.#tell({ kind: 'left', device })
  }

  #tell(event: UsbEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (thrown) {
        this.#world.log.error(`a listener of USB events failed: ${String(thrown)}`)
      }
    }
  }
}

/** Hubs and devices without a port are never boards. */
function boardPathOf(native: NativeDevice): PortPath | null {
  if (native.deviceDescriptor.bDeviceClass === hubClass) return null
  return portPathOf(native.busNumber, native.portNumbers)
}
