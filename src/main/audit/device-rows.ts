// A DFU device on its way into rows: its identity as JSON, and beside it what is asked for often. What a device says of
// itself comes from outside: control characters and half characters are replaced. Its serial number keeps all its words:
// a label's second word is a secret, what a device tells every host is none.
import { recordName } from '../../shared/model/board-name.ts'
import { cleanText } from '../../shared/model/clean-text.ts'
import { type DfuIdentity, revisionText, usbIdText } from '../../shared/model/dfu-identity.ts'
import { type Readable, unreadable } from '../../shared/model/identity.ts'
import type { ImageRecord } from '../../shared/model/record.ts'

/** The columns of a record; all null for a Particle board. */
export function deviceColumns(found: DfuIdentity | null) {
  if (!found) return { device: null, deviceName: null, hasOwnSerial: null, revisionBefore: null }
  const device = cleanDevice(found)
  return {
    device: JSON.stringify(device),
    deviceName: recordName({ deviceId: null, device }),
    hasOwnSerial: hasOwnSerial(device) ? 1 : 0,
    revisionBefore: programRevision(device),
  }
}

/** The columns of a closing; null where the device was not asked again. */
export function deviceAfterColumns(found: DfuIdentity | null) {
  if (!found) return { deviceAfter: null, revisionAfter: null }
  const device = cleanDevice(found)
  return { deviceAfter: JSON.stringify(device), revisionAfter: programRevision(device) }
}

/** False where the serial number tells nothing: there is none, or others have the same. */
export function hasOwnSerial({ serialNumber, twins }: Pick<DfuIdentity, 'serialNumber' | 'twins'>): boolean {
  return serialNumber.known && twins.length === 0
}

/** What people look for a device by: ids, serial number, product name and each word of it, GUIDs. */
export function deviceWordsOf(found: DfuIdentity | null): readonly string[] {
  if (!found) return []
  const { serialNumber, productName, instances, ...device } = cleanDevice(found)
  const product = productName.known ? [productName.value, ...productName.value.split(/\s+/)] : []
  const serial = serialNumber.known ? [serialNumber.value] : []
  return [usbIdText(device), ...serial, ...product, ...instances.map(({ guid }) => guid)]
}

export function imageRow(recordId: string, image: ImageRecord) {
  return { ...image, recordId, memory: cleanText(image.memory) }
}

/** bcdDevice as text; null in DFU mode, where it is the version of the loader, which says nothing of the program. */
export function programRevision({ mode, revision }: DfuIdentity): string | null {
  return mode === 'normal' ? revisionText(revision) : null
}

/** The fields of an identity and no others, in one order. */
function cleanDevice(device: DfuIdentity): DfuIdentity {
  const { kind, portPath, mode, vendorId, productId, revision, protocol, canUpload, canDownload } = device
  return {
    ...{ kind, portPath, mode, vendorId, productId, revision },
    manufacturer: cleanReadable(device.manufacturer),
    productName: cleanReadable(device.productName),
    serialNumber: cleanReadable(device.serialNumber),
    twins: [...device.twins],
    ...{ protocol, canUpload, canDownload },
    memories: device.memories.map(({ alternate, name }) => ({ alternate, name: name && cleanText(name) })),
    instances: device.instances.map(({ instanceId, guid }) => ({ instanceId: cleanText(instanceId), guid })),
    quirks: device.quirks.map(cleanText),
    isSharedLoader: device.isSharedLoader,
  }
}

function cleanReadable(readable: Readable<string>): Readable<string> {
  if (!readable.known) return readable
  const value = cleanText(readable.value)
  return value === '' ? unreadable('it is empty') : { known: true, value }
}
