// The one place where a libusb error or transfer status becomes a Fault. Errors are negative, transfer statuses
// positive; both arrive as the `errno` of the native exception. What libusb calls it is kept in the detail.
import { Fault } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'

interface LibusbRow {
  readonly name: string
  readonly code: FaultCode
}

/** Every error and transfer status of libusb 1.0 but "completed", by number. */
const libusbRows: Readonly<Record<number, LibusbRow>> = {
  [-1]: { name: 'LIBUSB_ERROR_IO', code: 'USB_FAILED' },
  [-2]: { name: 'LIBUSB_ERROR_INVALID_PARAM', code: 'USB_FAILED' },
  [-3]: { name: 'LIBUSB_ERROR_ACCESS', code: 'USB_ACCESS_DENIED' },
  [-4]: { name: 'LIBUSB_ERROR_NO_DEVICE', code: 'USB_GONE' },
  [-5]: { name: 'LIBUSB_ERROR_NOT_FOUND', code: 'USB_FAILED' },
  [-6]: { name: 'LIBUSB_ERROR_BUSY', code: 'USB_BUSY' },
  [-7]: { name: 'LIBUSB_ERROR_TIMEOUT', code: 'USB_TIMEOUT' },
  [-8]: { name: 'LIBUSB_ERROR_OVERFLOW', code: 'USB_FAILED' },
  [-9]: { name: 'LIBUSB_ERROR_PIPE', code: 'USB_STALL' },
  [-10]: { name: 'LIBUSB_ERROR_INTERRUPTED', code: 'USB_FAILED' },
  [-11]: { name: 'LIBUSB_ERROR_NO_MEM', code: 'USB_FAILED' },
  // Windows: no WinUSB driver is bound, so the station may not talk to the device.
  [-12]: { name: 'LIBUSB_ERROR_NOT_SUPPORTED', code: 'USB_ACCESS_DENIED' },
  [-99]: { name: 'LIBUSB_ERROR_OTHER', code: 'USB_FAILED' },
  1: { name: 'LIBUSB_TRANSFER_ERROR', code: 'USB_FAILED' },
  2: { name: 'LIBUSB_TRANSFER_TIMED_OUT', code: 'USB_TIMEOUT' },
  // Cancelled by nobody we know of; who cancels a transfer himself names his own reason instead (control-pipe.ts).
  3: { name: 'LIBUSB_TRANSFER_CANCELLED', code: 'USB_FAILED' },
  4: { name: 'LIBUSB_TRANSFER_STALL', code: 'USB_STALL' },
  5: { name: 'LIBUSB_TRANSFER_NO_DEVICE', code: 'USB_GONE' },
  6: { name: 'LIBUSB_TRANSFER_OVERFLOW', code: 'USB_FAILED' },
}

export const transferCancelled = 3
const errorAccess = -3
const errorNotFound = -5
const errorNotSupported = -12

/** Number of a native exception, null where it has none. */
export function errnoOf(thrown: unknown): number | null {
  const errno = thrown instanceof Error ? (thrown as Error & { readonly errno?: unknown }).errno : undefined
  return typeof errno === 'number' ? errno : null
}

/** True where the system does not let us open the device: perhaps for ever, perhaps not yet. */
export function isNotPermitted(thrown: unknown): boolean {
  const errno = errnoOf(thrown)
  return errno === errorAccess || errno === errorNotSupported
}

/** The fault of a native exception; `act` names place and request, e.g. "2-1.4: open". */
export function usbFault(thrown: unknown, act: string): Fault {
  if (thrown instanceof Fault) return thrown
  const errno = errnoOf(thrown)
  const row = errno === null ? undefined : libusbRows[errno]
  if (row !== undefined) return new Fault(row.code, `${act}: ${row.name}`, { cause: thrown })
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault('USB_FAILED', `${act}: ${text}`, { cause: thrown })
}

/** The fault of a failed reset, where "not found" means that the device came back as another one. */
export function resetFault(thrown: unknown, act: string): Fault {
  if (errnoOf(thrown) !== errorNotFound) return usbFault(thrown, act)
  return new Fault('USB_GONE', `${act}: LIBUSB_ERROR_NOT_FOUND, the device enumerates anew`, { cause: thrown })
}

/** The fault of an aborted wait: the signal's reason where that is a fault, else a stop by a person. */
export function abortFault(signal: AbortSignal, act: string): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('JOB_ABORTED', `${act}: stopped`, { cause: signal.reason })
}
