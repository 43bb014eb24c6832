// Which firmware of a cabinet a device gets: the one that is made for it, in its highest version. What cannot be told
// apart is refused, never guessed.
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import type { Refuse } from '../firmware/refusal.ts'

/**
 * `guids` of the device, all its names; null: nothing is known of it, and there must be only one. Refuses WRONG_DEVICE and
 * AMBIGUOUS. A file that is no cabinet holds one firmware and says by its suffix whom it is for: see image-fits.ts.
 */
export function chooseImage(
  images: readonly DeviceImage[],
  guids: readonly string[] | null,
  refuse: Refuse,
): DeviceImage {
  const [first, ...others] = images
  if (first && (first.format !== 'cab' || (others.length === 0 && guids === null))) return first
  const wanted = guids?.map((guid) => guid.toLowerCase()) ?? null
  const made = images.filter((image) => wanted === null || image.guids.some((guid) => wanted.includes(guid)))
  const all = images.map(({ version, guids: each }) => `${version} for ${each.join(', ')}`).join('; ')
  if (made.length === 0) refuse('WRONG_DEVICE', `it holds ${all}; the device is ${wanted?.join(', ')}`)
  const best = highest(made) ?? refuse('AMBIGUOUS', `it holds ${all}, and nothing says which of them is meant`)
  const rest = made.filter((other) => other !== best).map(({ version }) => version)
  if (rest.length === 0) return best
  return { ...best, notes: [...best.notes, `the cabinet holds version ${rest.join(', ')} of it, too`] }
}

/** Of releases of one product; null where it is not one product, and where versions have no order. */
function highest(images: readonly DeviceImage[]): DeviceImage | null {
  const isOneProduct = new Set(images.map(({ guids }) => guids.toSorted().join())).size === 1
  if (!isOneProduct) return null
  return images.find((one) => images.every((other) => other === one || isHigher(one, other))) ?? null
}

function isHigher(one: DeviceImage, other: DeviceImage): boolean {
  const [a, b] = [one, other].map(({ version }) => partsOf(version ?? ''))
  if (!a || !b) return false
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** null for a version that is no row of numbers: nothing says what order it has. */
function partsOf(version: string): readonly number[] | null {
  const parts = version.split('.')
  return parts.every((part) => /^(\d{1,15}|0x[0-9a-f]{1,12})$/i.test(part)) ? parts.map(Number) : null
}
