// The questions that a host asks before it has a device: which are there, and may I have this one. USB/IP version 1.1.1,
// OP_REQ_DEVLIST and OP_REQ_IMPORT with their replies (kernel Documentation/usb/usbip_protocol.rst). Pure.
import { Fault } from '../../../shared/fault/fault.ts'

const version = 0x0111
const headSizeBytes = 8
const busIdSizeBytes = 32
const pathSizeBytes = 256
const deviceSizeBytes = 312
const codes = { listRequest: 0x8005, listReply: 0x0005, importRequest: 0x8003, importReply: 0x0003 } as const
/** Speed as the kernel numbers it (enum usb_device_speed). */
const fullSpeed = 2

/** Status of a reply (tools/usb/usbip/libsrc/usbip_common.h of the kernel). */
export const operationStatus = { ok: 0, busy: 2, noDevice: 4 } as const

/** Longest bus ID, without the zero that ends it. */
export const mostBusIdLength = busIdSizeBytes - 1

export type OperationRequest = { readonly kind: 'list' } | { readonly kind: 'import'; readonly busId: string }

export interface ListedInterface {
  readonly interfaceClass: number
  readonly subclass: number
  readonly protocol: number
}

/** A device as the list and the import reply tell it. */
export interface ListedDevice {
  readonly path: string
  readonly busId: string
  readonly busNumber: number
  readonly deviceNumber: number
  readonly vendorId: number
  readonly productId: number
  readonly deviceRelease: number
  readonly deviceClass: ListedInterface
  /** The value of its one configuration. */
  readonly configurationValue: number
  readonly interfaces: readonly ListedInterface[]
}

/** The request at the start of the bytes; null when more are needed. CALL_REJECTED when they can be no request. */
export function readOperation(
  bytes: Buffer,
): { readonly request: OperationRequest; readonly sizeBytes: number } | null {
  // Garbage is refused by its first bytes: it may never get as long as a request.
  if (bytes.length >= 2 && bytes.readUInt16BE(0) !== version) throw refusal(`version ${hex(bytes.readUInt16BE(0))}`)
  if (bytes.length < headSizeBytes) return null
  const code = bytes.readUInt16BE(2)
  if (code === codes.listRequest) return { request: { kind: 'list' }, sizeBytes: headSizeBytes }
  if (code !== codes.importRequest) throw refusal(`operation ${hex(code)}`)
  const sizeBytes = headSizeBytes + busIdSizeBytes
  if (bytes.length < sizeBytes) return null
  const text = bytes.toString('latin1', headSizeBytes, sizeBytes)
  const end = text.indexOf('\0')
  return { request: { kind: 'import', busId: end < 0 ? text : text.slice(0, end) }, sizeBytes }
}

export function listReply(devices: readonly ListedDevice[]): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(devices.length)
  const entries = devices.flatMap((device) => [deviceBytes(device), ...device.interfaces.map(interfaceBytes)])
  return Buffer.concat([head(codes.listReply, operationStatus.ok), count, ...entries])
}

export function importReply(device: ListedDevice): Buffer {
  return Buffer.concat([head(codes.importReply, operationStatus.ok), deviceBytes(device)])
}

export function importRefusal(status: (typeof operationStatus)['busy' | 'noDevice']): Buffer {
  return head(codes.importReply, status)
}

function head(code: number, status: number): Buffer {
  const bytes = Buffer.alloc(headSizeBytes)
  bytes.writeUInt16BE(version, 0)
  bytes.writeUInt16BE(code, 2)
  bytes.writeUInt32BE(status, 4)
  return bytes
}

function deviceBytes(device: ListedDevice): Buffer {
  const bytes = Buffer.alloc(deviceSizeBytes)
  bytes.write(device.path.slice(0, pathSizeBytes - 1), 0, 'latin1')
  bytes.write(device.busId, pathSizeBytes, 'latin1')
  let at = pathSizeBytes + busIdSizeBytes
  for (const value of [device.busNumber, device.deviceNumber, fullSpeed]) at = bytes.writeUInt32BE(value, at)
  for (const value of [device.vendorId, device.productId, device.deviceRelease]) at = bytes.writeUInt16BE(value, at)
  const { interfaceClass, subclass, protocol } = device.deviceClass
  bytes.set([interfaceClass, subclass, protocol, device.configurationValue, 1, device.interfaces.length], at)
  return bytes
}

function interfaceBytes({ interfaceClass, subclass, protocol }: ListedInterface): Buffer {
  return Buffer.from([interfaceClass, subclass, protocol, 0])
}

function refusal(what: string): Fault {
  return new Fault('CALL_REJECTED', `USB/IP: ${what}`)
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`
}
