// The columns of CSV that speak of DFU devices. They stand behind all others, so that what reads the older ones by their
// place goes on; of a Particle board they are empty.
import { addressText } from '../../shared/model/address.ts'
import { recordName } from '../../shared/model/board-name.ts'
import { usbIdText } from '../../shared/model/dfu-identity.ts'
import type { Readable } from '../../shared/model/identity.ts'
import type { ImageRecord, LedgerRecord } from '../../shared/model/record.ts'
import { twinsOf } from '../../shared/model/record-twins.ts'
import { hasOwnSerial, programRevision } from './device-rows.ts'

type DeviceRecord = Pick<LedgerRecord, 'deviceId' | 'device' | 'closing'>

/** Columns in order; an empty field is unknown. */
export const deviceColumns = {
  device: (record) => (record.device ? recordName(record) : null),
  usb_id: ({ device }) => device && usbIdText(device),
  manufacturer: ({ device }) => device && readText(device.manufacturer),
  product: ({ device }) => device && readText(device.productName),
  own_serial: (record) => record.device && (hasOwnSerial({ ...record.device, twins: twinsOf(record) }) ? 'yes' : 'no'),
  same_serial_on: (record) => twinsOf(record).join('; ') || null,
  revision_before: ({ device }) => device && programRevision(device),
  revision_after: ({ closing }) => closing?.deviceAfter && programRevision(closing.deviceAfter),
  usb_id_after: ({ closing }) => closing?.deviceAfter && usbIdText(closing.deviceAfter),
  protocol: ({ device }) => device && readText(device.protocol),
  instances: ({ device }) =>
    device?.instances.map(({ instanceId, guid }) => `${instanceId}=${guid}`).join('; ') || null,
  quirks: ({ device }) => device?.quirks.join('; ') || null,
  images: ({ closing }) => closing?.images.map(imageText).join('; ') || null,
} satisfies Readonly<Record<string, (record: DeviceRecord) => string | null | undefined>>

/** "1 Internal Flash 0x08000000 2048 bytes: written read-back SHA-256 04f8..."; the hash is that of the file. */
function imageText({ position, memory, address, sizeBytes, action, proof, sha256 }: ImageRecord): string {
  const place = address === null ? memory : `${memory} ${addressText(address)}`
  const proven = proof === 'none' ? 'not proven' : proof
  return `${position} ${place} ${sizeBytes} bytes: ${action} ${proven} SHA-256 ${sha256}`
}

function readText(value: Readable<string>): string {
  return value.known ? value.value : `? ${value.reason}`
}
