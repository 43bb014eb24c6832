// What is plugged in, from ids and descriptors alone: nothing is opened for it, for it may be the computer's own Bluetooth
// chip.
import { readDfuFacts } from '../dfu/facts.ts'
import type { DfuHabits } from '../dfu/habits.ts'
import { isBoard } from '../identity/usb-identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { habitsOf } from './quirk-book.ts'
import type { QuirkBook } from './quirk-file.ts'

export type DeviceKind = 'particle' | 'dfu device' | 'other'

/**
 * 'dfu device': one of its interfaces is of the class of DFU (USB DFU 1.1, section 4.2.3), or quirks say that any is.
 * Not those whose DfuForceVersion is 0.
 */
export function deviceKind(device: UsbDevice, book: QuirkBook): DeviceKind {
  if (isBoard(device)) return 'particle'
  const { habits, isNoDfuDevice } = habitsOf(book, device)
  return !isNoDfuDevice && hasDfu(device, habits) ? 'dfu device' : 'other'
}

function hasDfu(device: UsbDevice, habits: DfuHabits): boolean {
  try {
    return readDfuFacts(device, habits) !== null
  } catch {
    // It left, or the system cannot read its descriptors: nothing that could be worked on.
    return false
  }
}
