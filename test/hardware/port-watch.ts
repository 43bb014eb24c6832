// One physical port over the resets of the board in it: what comes, what goes, and when by the clock of this computer.
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

export type PortChange = UsbEvent & { readonly atMs: number }

export interface PortWatch {
  readonly portPath: PortPath
  /** What is in the port now. Throws USB_GONE when it is empty. */
  device(): UsbDevice
  /** Forgets what has changed so far. */
  forget(): void
  /** The next change of this kind; those before it are forgotten. Throws MODE_SWITCH_TIMEOUT. */
  next(kind: UsbEvent['kind'], limitMs: number): Promise<PortChange>
}

const lookMs = 5

export function watchPort(bus: UsbBus, portPath: PortPath): PortWatch {
  let changes: readonly PortChange[] = []
  bus.watch((event) => {
    if (event.device.portPath === portPath) changes = [...changes, { ...event, atMs: systemClock.monotonic() }]
  })
  return {
    portPath,
    device: () => {
      const device = bus.devices().find((each) => each.portPath === portPath)
      if (device) return device
      throw new Fault('USB_GONE', `port ${portPath} is empty`)
    },
    forget: () => {
      changes = []
    },
    next: async (kind, limitMs) => {
      const endsAt = systemClock.monotonic() + limitMs
      for (;;) {
        const at = changes.findIndex((change) => change.kind === kind)
        const found = changes[at]
        if (found) {
          changes = changes.slice(at + 1)
          return found
        }
        if (systemClock.monotonic() >= endsAt) {
          const what = kind === 'left' ? 'the board did not leave the bus' : 'no board came'
          throw new Fault('MODE_SWITCH_TIMEOUT', `port ${portPath}: ${what} in ${limitMs} ms`)
        }
        await systemClock.sleep(lookMs)
      }
    },
  }
}
