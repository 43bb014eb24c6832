// The names of a USB device after fwupd's rule, and the GUID of each: what recipes, cabinets and quirk files know a device
// by. Pure: from ids and the configuration descriptor, nothing is asked of the device.
import { createHash } from 'node:crypto'
import type { DfuInstance } from '../../../shared/model/dfu-identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { interfacesOf } from './interfaces.ts'

export type DeviceIds = Pick<UsbDevice, 'vendorId' | 'productId' | 'deviceRelease'>
/** With its configuration the classes of its interfaces name a device, too. */
export type QuirkedDevice = DeviceIds & Partial<Pick<UsbDevice, 'configuration'>>

/** The DNS name space of RFC 4122, appendix C: fwupd hashes instance ids in this one, and so does Microsoft's CHID. */
const nameSpace = Uint8Array.from(Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex'))

/**
 * The names that tell which product a device is, the most specific first: vendor, product and revision, then vendor and
 * product. Hexadecimal digits are capitals, for the GUID is made of the text as it stands.
 */
export function instancesOf(ids: DeviceIds): readonly DfuInstance[] {
  return [`${productName(ids)}&REV_${hex4(ids.deviceRelease)}`, productName(ids)].map((instanceId) => ({
    instanceId,
    guid: guidOf(instanceId),
  }))
}

/**
 * All names by which quirks are looked up, the least specific first. Those before the last two are shared by unlike
 * devices, so no recipe and no cabinet can use them.
 */
export function quirkNamesOf(device: QuirkedDevice): readonly string[] {
  const instances = instancesOf(device).map(({ instanceId }) => instanceId)
  return [...classNamesOf(device), vendorName(device), ...instances.reverse()]
}

/** UUID version 5 (RFC 4122, section 4.3) of a text, in small letters. */
export function guidOf(text: string): string {
  const hash = createHash('sha1').update(nameSpace).update(text, 'utf8').digest().subarray(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export function productName({ vendorId, productId }: Pick<DeviceIds, 'vendorId' | 'productId'>): string {
  return `USB\\VID_${hex4(vendorId)}&PID_${hex4(productId)}`
}

function vendorName({ vendorId }: DeviceIds): string {
  return `USB\\VID_${hex4(vendorId)}`
}

function classNamesOf(device: QuirkedDevice): readonly string[] {
  const names = interfacesOf(device).flatMap(({ interfaceClass, subclass, protocol }) => {
    const klass = `USB\\CLASS_${hex2(interfaceClass)}`
    const withSubclass = `${klass}&SUBCLASS_${hex2(subclass)}`
    return [klass, withSubclass, `${withSubclass}&PROT_${hex2(protocol)}`]
  })
  return [...new Set(names)].sort((one, other) => one.length - other.length)
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0')
}

function hex2(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0')
}
