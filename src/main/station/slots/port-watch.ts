// One physical port as a place: which device is on it now, and waiting for the next one. Events come in from the bus;
// jobs wait here for a board to come back after a reset. It knows nothing of what the device is.
import type { PortPath } from '../../../shared/model/ids.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { openWaitingRoom, type Wait } from './waiting-room.ts'

export interface PortWatch {
  readonly portPath: PortPath
  current(): UsbDevice | null
  arrived(device: UsbDevice): void
  left(device: UsbDevice): void
  /** The device that is on the port and is not `previous`; null when none came in time. */
  nextDevice(previous: UsbDevice | null, wait: Wait): Promise<UsbDevice | null>
  /** The same port for one who sees such devices alone, and nothing of a mouse that is plugged in between. */
  only(concerns: (device: UsbDevice) => boolean): Pick<PortWatch, 'current' | 'nextDevice'>
}

/** `onChange` is told of every arrival and leaving, after the fact. */
export function watchPort(portPath: PortPath, onChange: () => void): PortWatch {
  let device: UsbDevice | null = null
  const room = openWaitingRoom()
  const become = (now: UsbDevice | null) => {
    device = now
    room.changed()
    onChange()
  }
  const nextDevice = (look: () => UsbDevice | null) => (previous: UsbDevice | null, wait: Wait) =>
    room.untilOrNull(() => {
      const now = look()
      return now !== previous ? now : null
    }, wait)
  return {
    portPath,
    current: () => device,
    arrived: become,
    left: (gone) => {
      if (device === gone) become(null)
    },
    nextDevice: nextDevice(() => device),
    only: (concerns) => {
      const current = () => (device && concerns(device) ? device : null)
      return { current, nextDevice: nextDevice(current) }
    },
  }
}
