// Whether an image is for a device: the ids of its DFU suffix (DFU 1.1, appendix B: either FFFFh or the device's own) and
// the GUIDs of its cabinet. bcdDevice of a suffix is the version of the firmware in the file, no rule of matching.

import type { DeviceImage } from '../../../shared/model/device-image.ts'
import { type DfuIdentity, revisionText, usbIdText } from '../../../shared/model/dfu-identity.ts'
import { guidOf, productName } from '../devices/instance-ids.ts'
import { normalMatch } from '../devices/match.ts'

/** All names a device goes by: in its program, in its loader, and in the recipe. */
export interface FitNames {
  /** "0483:df11" */
  readonly usbIds: readonly string[]
  /** In small letters. */
  readonly guids: readonly string[]
}

/** `misfit`: why it is for another device, with both identities; null where it fits. `notes`: what to know all the same. */
export interface Fit {
  readonly misfit: string | null
  readonly notes: readonly string[]
}

/** The names of a recipe's device. Throws RECIPE_INVALID for a form that is none (see normalMatch). */
export function namesOfMatch(match: readonly string[]): FitNames {
  const names = match.map(normalMatch)
  return {
    usbIds: [...new Set(names.flatMap((name) => idsOfInstance(name) ?? []))],
    guids: [
      ...new Set(names.flatMap((name) => (name.startsWith('USB\\') ? [guidOf(name), ...productGuid(name)] : [name]))),
    ],
  }
}

/** The names of a device on the bench, and those that the recipe has for it. */
export function namesOfDevice(board: DfuIdentity, match: readonly string[]): FitNames {
  const recipe = namesOfMatch(match)
  return {
    usbIds: [...new Set([usbIdText(board), ...recipe.usbIds])],
    guids: [...new Set([...board.instances.map(({ guid }) => guid.toLowerCase()), ...recipe.guids])],
  }
}

/** A recipe that names one revision is for the product, too, as far as a cabinet is concerned. */
function productGuid(instanceId: string): readonly string[] {
  const product = instanceId.replace(/&REV_[0-9A-F]{4}$/, '')
  return product === instanceId ? [] : [guidOf(product)]
}

function idsOfInstance(name: string): string | null {
  const [, vendor, product] = /^USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})/.exec(name) ?? []
  return vendor && product ? `${vendor}:${product}`.toLowerCase() : null
}

export function imageFits(image: DeviceImage, names: FitNames): Fit {
  const device = [...names.usbIds, ...names.guids].join(', ')
  const notes = image.revision === null ? [] : [`the DFU suffix says firmware version ${revisionText(image.revision)}`]
  const stated = statedIds(image)
  if (stated !== null && !isSuffixFor(image, names)) {
    return { misfit: `${image.source} is for USB device ${stated}, the device is ${device}`, notes }
  }
  if (image.guids.length > 0 && !image.guids.some((guid) => names.guids.includes(guid))) {
    return { misfit: `${image.source} is for ${image.guids.join(', ')}, the device is ${device}`, notes }
  }
  const isForAny = stated === null && (image.format === 'dfu' || image.format === 'dfuse')
  return { misfit: null, notes: isForAny ? [...notes, 'its DFU suffix is for any device'] : notes }
}

/** "0483:df11", "0483:any"; null where the suffix says nothing at all. */
function statedIds({ vendorId, productId }: DeviceImage): string | null {
  if (vendorId === null && productId === null) return null
  return [vendorId, productId].map((id) => (id === null ? 'any' : id.toString(16).padStart(4, '0'))).join(':')
}

/** A device that the recipe names by GUID alone is known by the GUIDs of the ids in the suffix. */
function isSuffixFor({ vendorId, productId, revision }: DeviceImage, { usbIds, guids }: FitNames): boolean {
  const fits = usbIds.some((ids) => {
    const [vendor, product] = ids.split(':').map((part) => Number.parseInt(part, 16))
    return (vendorId ?? vendor) === vendor && (productId ?? product) === product
  })
  if (fits || vendorId === null || productId === null) return fits
  const name = productName({ vendorId, productId })
  const revised = revision === null ? [] : [`${name}&REV_${revision.toString(16).toUpperCase().padStart(4, '0')}`]
  return [name, ...revised].some((each) => guids.includes(guidOf(each)))
}
