// One visit of a simulated board as the station's USB seam sees it: open, claim, control transfers, close, with the
// errors that libusb would give, as Faults with the libusb name in their detail.
import { assertNever, Fault } from '../../shared/fault/fault.ts'
import type { FaultCode } from '../../shared/fault/fault-codes.ts'
import type { PortPath } from '../../shared/model/ids.ts'
import type { ControlSetup, TransferOptions, UsbDevice } from '../station/usb/usb-port.ts'
import type { SimSetup } from './board-parts.ts'
import type { Visit } from './visit.ts'

interface DeviceOptions {
  readonly portPath: PortPath
  readonly deviceAddress: number
  readonly visit: Visit
  readonly isPresent: () => boolean
}

interface Handle extends DeviceOptions {
  isOpen: boolean
  readonly claimed: Set<number>
  /** The transfer under way, if any; close waits for it. */
  last: Promise<unknown>
}

/** Linux carries at most one page in a control transfer. */
const mostBytes = 4096
const selectTimeoutMs = 1000
const setInterface = { requestType: 0x01, request: 11 } as const
const nothing = new Uint8Array()
/** Where the device descriptor has iManufacturer and iProduct (USB 2.0 section 9.6.1). */
const manufacturerOffset = 14
const productOffset = 15

export interface SimulatedDevice extends UsbDevice {
  /** The wire behind the seam: what happens there does not pass the operating system that the seam stands for. */
  readonly visit: Visit
}

/** The visit that a simulated device is; null when it is another's device. */
export function visitOf(device: UsbDevice): Visit | null {
  return 'visit' in device ? (device as SimulatedDevice).visit : null
}

export function createSimulatedDevice(options: DeviceOptions): SimulatedDevice {
  const { portPath, deviceAddress, visit } = options
  const { vendorId, productId, deviceRelease, serialNumberIndex, configuration, device } = visit.descriptors
  const handle: Handle = { ...options, isOpen: false, claimed: new Set(), last: Promise.resolve() }
  return {
    visit,
    portPath,
    deviceAddress,
    vendorId,
    productId,
    deviceRelease,
    manufacturerIndex: device[manufacturerOffset] ?? 0,
    productIndex: device[productOffset] ?? 0,
    serialNumberIndex,
    configuration: () => configuration.slice(),
    open: (signal) => open(handle, signal),
    claim: (number) => claim(handle, number),
    release: async (number) => {
      handle.claimed.delete(number)
    },
    controlIn: (setup, lengthBytes, limits) => transfer(handle, { ...setup, lengthBytes }, { data: nothing, limits }),
    controlOut: async (setup, data, limits) => {
      await transfer(handle, { ...setup, lengthBytes: data.length }, { data, limits })
    },
    selectAlternate: (number, alternate) => selectAlternate(handle, number, alternate),
    reset: async () => {
      requireOpen(handle, 'reset')
      await visit.busReset()
      visit.assumeConfigured(true)
      requirePresent(handle, 'reset')
    },
    close: () => close(handle),
  }
}

async function open(handle: Handle, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  requirePresent(handle, 'open')
  const refusal = handle.visit.refusal()
  if (refusal === 'access') throw usbFault(handle, 'USB_ACCESS_DENIED', 'LIBUSB_ERROR_ACCESS: open')
  if (refusal) throw usbFault(handle, 'USB_ACCESS_DENIED', 'LIBUSB_ERROR_NOT_SUPPORTED: open')
  handle.isOpen = true
}

async function claim(handle: Handle, interfaceNumber: number): Promise<void> {
  requireOpen(handle, 'claim')
  requirePresent(handle, 'claim')
  const text = `claim of interface ${interfaceNumber}`
  if (!handle.visit.descriptors.interfaceNumbers.includes(interfaceNumber))
    throw usbFault(handle, 'USB_FAILED', `LIBUSB_ERROR_NOT_FOUND: ${text}`)
  if (handle.visit.isClaimedElsewhere()) throw usbFault(handle, 'USB_BUSY', `LIBUSB_ERROR_BUSY: ${text}`)
  handle.claimed.add(interfaceNumber)
}

async function selectAlternate(handle: Handle, interfaceNumber: number, alternate: number): Promise<void> {
  if (!handle.claimed.has(interfaceNumber))
    throw usbFault(handle, 'USB_FAILED', `LIBUSB_ERROR_NOT_FOUND: interface ${interfaceNumber} is not claimed`)
  const setup = { ...setInterface, value: alternate, index: interfaceNumber, lengthBytes: 0 }
  const limits = { timeoutMs: selectTimeoutMs, signal: new AbortController().signal }
  await transfer(handle, setup, { data: nothing, limits })
}

async function close(handle: Handle): Promise<void> {
  await handle.last.catch(() => {})
  handle.claimed.clear()
  handle.isOpen = false
}

interface Sending {
  readonly data: Uint8Array
  readonly limits: TransferOptions
}

async function transfer(handle: Handle, setup: SimSetup, { data, limits }: Sending): Promise<Uint8Array> {
  requireOpen(handle, describe(setup))
  if (setup.lengthBytes > mostBytes)
    throw usbFault(handle, 'USB_FAILED', `LIBUSB_ERROR_INVALID_PARAM: ${setup.lengthBytes} bytes`)
  const running = handle.visit.endpoint.transfer(setup, data, limits)
  handle.last = running
  const outcome = await running
  const text = describe(setup)
  switch (outcome.kind) {
    case 'data':
      return outcome.data.slice()
    case 'ack':
      return new Uint8Array()
    case 'stall':
      throw usbFault(handle, 'USB_STALL', `LIBUSB_TRANSFER_STALL: ${text}`)
    case 'timeout':
    case 'no-status':
      throw usbFault(handle, 'USB_TIMEOUT', `LIBUSB_TRANSFER_TIMED_OUT: ${text} after ${limits.timeoutMs} ms`)
    case 'gone':
      throw usbFault(handle, 'USB_GONE', `LIBUSB_TRANSFER_NO_DEVICE: ${text}`)
    default:
      return assertNever(outcome)
  }
}

function requireOpen(handle: Handle, act: string): void {
  if (!handle.isOpen) throw usbFault(handle, 'INTERNAL', `device is not open: ${act}`)
}

function requirePresent(handle: Handle, act: string): void {
  if (!handle.isPresent()) throw usbFault(handle, 'USB_GONE', `LIBUSB_ERROR_NO_DEVICE: ${act}`)
}

function usbFault(handle: Handle, code: FaultCode, text: string): Fault {
  return new Fault(code, `${text} (port ${handle.portPath}, address ${handle.deviceAddress})`)
}

function describe({ requestType, request, value, index }: ControlSetup): string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
  return `control ${hex(requestType, 2)} ${hex(request, 2)} value ${hex(value, 4)} index ${hex(index, 4)}`
}
