// Which devices of this run share their ids and serial number: then the serial tells nothing, and the port alone says which
// device it is. Kept for as long as the bench stands; it must not know slots.
import { type DfuIdentity, usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'

export interface TwinBook {
  /** Notes where this device is; true when that makes it the twin of one on another port. */
  meet(device: DfuIdentity): boolean
  /**
   * Other ports where a device with these ids and this serial number is or was, in either of the modes in which it was met
   * on its own port; none for one without a serial number.
   */
  twinsOf(device: DfuIdentity): readonly PortPath[]
}

export function openTwinBook(): TwinBook {
  const portsOf = new Map<string, Set<PortPath>>()
  /** Names of one port under which a serial number was met: those of a program and of its loader. */
  const namesOn = new Map<string, Set<string>>()
  const namesOf = (device: DfuIdentity) => namesOn.get(`${device.portPath} ${serialOf(device)}`) ?? new Set()
  return {
    meet: (device) => {
      const serial = serialOf(device)
      if (serial === null) return false
      const name = nameOf(device)
      namesOn.set(`${device.portPath} ${serial}`, namesOf(device).add(name))
      const ports = portsOf.get(name) ?? new Set()
      const isNews = !ports.has(device.portPath) && ports.size > 0
      portsOf.set(name, ports.add(device.portPath))
      return isNews
    },
    twinsOf: (device) => {
      if (serialOf(device) === null) return []
      const names = [...namesOf(device), nameOf(device)]
      const ports = new Set(names.flatMap((name) => [...(portsOf.get(name) ?? [])]))
      return [...ports].filter((portPath) => portPath !== device.portPath)
    },
  }
}

function serialOf({ serialNumber }: DfuIdentity): string | null {
  return serialNumber.known ? serialNumber.value : null
}

function nameOf(device: DfuIdentity): string {
  return `${usbIdText(device)} ${serialOf(device)}`
}
