// One physical port as a place: which device is on it now, and waiting for the next one. Events come in from the bus;
// jobs wait here for a board to come back after a reset. It knows nothing of what the device is.
import type { PortPath } from '../../../shared/model/ids.ts'
import type { Clock } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'

export interface PortWatch {
  readonly portPath: PortPath
  current(): UsbDevice | null
  arrived(device: UsbDevice): void
  left(device: UsbDevice): void
  /** The device that is on the port and is not `previous`; null when none came within `timeoutMs`. */
  nextDevice(previous: UsbDevice | null, wait: PortWait): Promise<UsbDevice | null>
  /** True once the port is without a device; false when it still has one after `timeoutMs`. */
  becomesEmpty(wait: PortWait): Promise<boolean>
}

export interface PortWait {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

export function watchPort(portPath: PortPath): PortWatch {
  let device: UsbDevice | null = null
  const changes = new Set<() => void>()
  const changed = () => {
    for (const tell of [...changes]) tell()
  }
  const until = async <T>(look: () => T | null, wait: PortWait): Promise<T | null> => {
    wait.signal.throwIfAborted()
    const ending = new AbortController()
    const change = Promise.withResolvers<T>()
    const tell = () => {
      const found = look()
      if (found !== null) change.resolve(found)
    }
    changes.add(tell)
    try {
      tell()
      const signal = AbortSignal.any([wait.signal, ending.signal])
      const timeout = wait.clock.sleep(wait.timeoutMs, signal).then(() => null)
      timeout.catch(() => undefined)
      return await Promise.race([change.promise, timeout])
    } finally {
      changes.delete(tell)
      ending.abort()
    }
  }
  return {
    portPath,
    current: () => device,
    arrived: (arrival) => {
      device = arrival
      changed()
    },
    left: (gone) => {
      if (device !== gone) return
      device = null
      changed()
    },
    nextDevice: (previous, wait) => until(() => (device !== null && device !== previous ? device : null), wait),
    becomesEmpty: async (wait) => (await until(() => (device === null ? true : null), wait)) === true,
  }
}
