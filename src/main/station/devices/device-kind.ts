// What is plugged in, from ids and descriptors alone: nothing is opened for it, for it may be the computer's own Bluetooth
// chip.
import { isBoard } from '../identity/usb-identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { interfacesOf } from './interfaces.ts'
import { habitsOf } from './quirk-book.ts'
import type { QuirkBook } from './quirk-file.ts'

export type DeviceKind = 'particle' | 'dfu device' | 'other'
type Plugged = Pick<UsbDevice, 'vendorId' | 'productId' | 'deviceRelease' | 'configuration'>

const dfuClass = 0xfe
const dfuSubclass = 0x01

/**
 * 'dfu device': one of its interfaces is of the class of DFU (USB DFU 1.1, section 4.2.3), or quirks say that any is.
 * Not those whose DfuForceVersion is 0.
 */
export function deviceKind(device: Plugged, book: QuirkBook): DeviceKind {
  if (isBoard(device)) return 'particle'
  const { habits, isNoDfuDevice } = habitsOf(book, device)
  if (isNoDfuDevice) return 'other'
  const isOfDfu = interfacesOf(device).some(
    ({ interfaceClass, subclass }) => interfaceClass === dfuClass && subclass === dfuSubclass,
  )
  return isOfDfu || habits.useAnyInterface ? 'dfu device' : 'other'
}
