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
  return {
    portPath,
    current: () => device,
    arrived: become,
    left: (gone) => {
      if (device === gone) become(null)
    },
    nextDevice: (previous, wait) => room.untilOrNull(() => (device !== previous ? device : null), wait),
  }
}
