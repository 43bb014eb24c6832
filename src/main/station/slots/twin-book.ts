// Which devices of this run share their ids and serial number: then the serial tells nothing, and the port alone says which
// device it is. Kept for as long as the bench stands; it must not know slots.
import { type DfuIdentity, usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'

export interface TwinBook {
  /** Notes where this device is; true when that makes it the twin of one on another port. */
  meet(device: DfuIdentity): boolean
  /** Other ports where a device with these ids and this serial number is or was; none for one without a serial number. */
  twinsOf(device: DfuIdentity): readonly PortPath[]
}

export function openTwinBook(): TwinBook {
  const portsOf = new Map<string, Set<PortPath>>()
  return {
    meet: (device) => {
      const key = keyOf(device)
      if (key === null) return false
      const ports = portsOf.get(key) ?? new Set()
      const isNews = !ports.has(device.portPath) && ports.size > 0
      portsOf.set(key, ports.add(device.portPath))
      return isNews
    },
    twinsOf: (device) => {
      const key = keyOf(device)
      const ports = key === null ? undefined : portsOf.get(key)
      return [...(ports ?? [])].filter((portPath) => portPath !== device.portPath)
    },
  }
}

function keyOf(device: DfuIdentity): string | null {
  const { serialNumber } = device
  return serialNumber.known ? `${usbIdText(device)} ${serialNumber.value}` : null
}
