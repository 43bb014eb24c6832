import { usb } from 'usb'
import { describe, expect, it } from 'vitest'
import { abortFault, isNotPermitted, resetFault, usbFault } from '../../../src/main/station/usb/usb-faults.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { nativeError } from './fake-native.ts'

/** Errors and transfer statuses that the library exports; its transfer types and flags share the prefix. */
const numbers = Object.entries(usb as unknown as Readonly<Record<string, unknown>>).filter(
  (entry): entry is [string, number] =>
    /^LIBUSB_(ERROR|TRANSFER)_/.test(entry[0]) && !/TRANSFER_(TYPE_|SHORT_|FREE_|COMPLETED)/.test(entry[0]),
)

describe('the fault of a libusb error', () => {
  it('is defined for everything that the library can report', () => {
    expect(numbers.length).toBe(19)
  })

  it.each(numbers)('%s keeps its name in the detail and the original as cause', (name, errno) => {
    const original = nativeError(errno)
    const fault = usbFault(original, '2-1.4: open')
    expect(fault.detail).toBe(`2-1.4: open: ${name}`)
    expect(fault.cause).toBe(original)
  })

  it.each([
    ['LIBUSB_ERROR_ACCESS', 'USB_ACCESS_DENIED'],
    ['LIBUSB_ERROR_NOT_SUPPORTED', 'USB_ACCESS_DENIED'],
    ['LIBUSB_ERROR_NO_DEVICE', 'USB_GONE'],
    ['LIBUSB_TRANSFER_NO_DEVICE', 'USB_GONE'],
    ['LIBUSB_ERROR_BUSY', 'USB_BUSY'],
    ['LIBUSB_ERROR_TIMEOUT', 'USB_TIMEOUT'],
    ['LIBUSB_TRANSFER_TIMED_OUT', 'USB_TIMEOUT'],
    ['LIBUSB_ERROR_PIPE', 'USB_STALL'],
    ['LIBUSB_TRANSFER_STALL', 'USB_STALL'],
    ['LIBUSB_ERROR_NOT_FOUND', 'USB_FAILED'],
    ['LIBUSB_TRANSFER_ERROR', 'USB_FAILED'],
    ['LIBUSB_TRANSFER_OVERFLOW', 'USB_FAILED'],
    ['LIBUSB_ERROR_OTHER', 'USB_FAILED'],
  ])('%s is %s', (name, code) => {
    const errno = numbers.find(([known]) => known === name)?.[1] ?? Number.NaN
    expect(usbFault(nativeError(errno), 'act').code).toBe(code)
  })

  it('is USB_FAILED with the text of an error that is none of libusb', () => {
    expect(usbFault(new TypeError('odd'), '1-1: reset')).toMatchObject({
      code: 'USB_FAILED',
      detail: '1-1: reset: odd',
    })
  })

  it('is the fault itself when it was one already', () => {
    const fault = new Fault('USB_GONE', 'left')
    expect(usbFault(fault, 'act')).toBe(fault)
  })

  it('of a reset after which the device is another one is USB_GONE', () => {
    expect(resetFault(nativeError(-5), '1-1: reset').code).toBe('USB_GONE')
    expect(resetFault(nativeError(-1), '1-1: reset').code).toBe('USB_FAILED')
  })

  it('that may pass once the system has set its permissions is told apart', () => {
    expect([-3, -12, -6, -4].map((errno) => isNotPermitted(nativeError(errno)))).toEqual([true, true, false, false])
  })
})

describe('the fault of an aborted wait', () => {
  it('is the reason of the signal where that is a fault', () => {
    const reason = new Fault('USB_GONE', '1-1: unplugged')
    expect(abortFault(AbortSignal.abort(reason), 'act')).toBe(reason)
  })

  it('is otherwise a stop', () => {
    expect(abortFault(AbortSignal.abort(), '1-1: open')).toMatchObject({
      code: 'JOB_ABORTED',
      detail: '1-1: open: stopped',
    })
  })
})
