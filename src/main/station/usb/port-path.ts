// Where a device sits: bus number and the chain of hub ports, the only name of a board's place that survives resets and
// mode switches (USB 2.0 section 11 has ports, no numbers beyond one hub; the chain is libusb's). Pure.
import { type PortPath, parsePortPath } from '../../../shared/model/ids.ts'

/**
 * Path such as "2-1.4.3" from a bus number and port numbers, outermost hub first. Null where the device is on no port:
 * root hubs have none, and some host controllers report none; such a device cannot be in a slot.
 */
export function portPathOf(busNumber: number, portNumbers: readonly number[] | undefined): PortPath | null {
  if (portNumbers === undefined || portNumbers.length === 0) return null
  return parsePortPath(`${busNumber}-${portNumbers.join('.')}`)
}
