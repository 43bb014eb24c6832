// What an image says of itself, in a few words: whom it is for, and which version it is.
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import { revisionText, usbIdText } from '../../../shared/model/dfu-identity.ts'
import { bench } from '../../text/bench.ts'
import { imageTexts } from '../../text/images.ts'

/** "0483:df11", its GUIDs, or that nothing says it. */
export function whomText(image: DeviceImage): string {
  return idsOf(image) ?? (image.guids.length > 0 ? image.guids.join(', ') : imageTexts.anyDevice)
}

/** "for 0483:df11", "for 2 GUIDs", "nothing says what it is for" */
export function forText(image: DeviceImage): string {
  const ids = idsOf(image)
  if (ids !== null) return imageTexts.forIds(ids)
  return image.guids.length > 0 ? imageTexts.forGuids(image.guids.length) : imageTexts.anyDevice
}

/** "version 1.3.0", "REV 1.03", or nothing. */
export function versionWords({ version, revision }: DeviceImage): string | null {
  if (version !== null) return imageTexts.version(version)
  return revision === null ? null : bench.revision(revisionText(revision))
}

/** What of it can stand in the match of a recipe: its ids, or its GUIDs. */
export function matchOf(image: DeviceImage): readonly string[] {
  const { vendorId, productId } = image
  if (vendorId !== null && productId !== null) return [usbIdText({ vendorId, productId })]
  return image.guids
}

function idsOf({ vendorId, productId }: DeviceImage): string | null {
  if (vendorId === null && productId === null) return null
  if (vendorId !== null && productId !== null) return usbIdText({ vendorId, productId })
  const half = (id: number | null) => (id === null ? '*' : id.toString(16).padStart(4, '0'))
  return `${half(vendorId)}:${half(productId)}`
}
