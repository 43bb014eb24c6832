// An image file for DFU devices as a person reads it in a terminal: what it is for, where its pieces go, what to know of it.
import { addressText } from '../../shared/model/address.ts'
import type { DeviceImage } from '../../shared/model/device-image.ts'
import { revisionText } from '../../shared/model/dfu-identity.ts'

/** Several lines, without an end of line. */
export function imageText(image: DeviceImage): string {
  const { source, format, sizeBytes, sha256, elements, guids, version, notes } = image
  return [
    `${source}: ${format}, ${sizeBytes} bytes, SHA-256 ${sha256}`,
    `    for: ${forText(image)}`,
    ...(version === null ? [] : [`    version: ${version}`]),
    ...guids.map((guid) => `    GUID ${guid}`),
    ...elements.map((element, at) => `    ${at + 1}: ${elementText(element)}`),
    ...notes.map((note) => `    note: ${note}`),
  ].join('\n')
}

/** "0483:df11 version 1.02", "1209:any", "any device". */
export function forText({ vendorId, productId, revision, guids }: DeviceImage): string {
  const stated = revision === null ? '' : ` version ${revisionText(revision)}`
  if (vendorId === null && productId === null) return guids.length > 0 ? `its GUIDs${stated}` : `any device${stated}`
  return `${hex4(vendorId)}:${hex4(productId)}${stated}`
}

function elementText({ alternate, address, sizeBytes, sha256 }: DeviceImage['elements'][number]): string {
  const place = address === null ? 'from the start' : `at ${addressText(address)}`
  const memory = alternate === null ? '' : ` of memory ${alternate}`
  return `${sizeBytes} bytes ${place}${memory}, SHA-256 ${sha256}`
}

function hex4(id: number | null): string {
  return id === null ? 'any' : id.toString(16).padStart(4, '0')
}
