// One station a computer has its real boards: two of them, each on a data folder of its own, would flash the same board
// at the same time. Simulated boards belong to their station and need no lock.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { holdLock } from '../audit/station-lock.ts'
import type { BusChoice } from '../host/link.ts'

/** One for each user: a file of somebody else could not be opened, and only one of them has the rights to the boards. */
function lockOfThisComputer(): string {
  // On Windows the folder itself is the user's.
  return join(tmpdir(), `dfu-station-usb-${process.getuid?.() ?? 'user'}.lock`)
}

/** Returns the release, or throws USB_IN_USE. `file` is where the lock lies, for stations that must not meet. */
export function holdUsb(bus: BusChoice, file: string = lockOfThisComputer()): () => void {
  if (bus.kind === 'simulated') return () => undefined
  return holdLock(file, () => new Fault('USB_IN_USE', `another station of this user has the boards (${file})`))
}
