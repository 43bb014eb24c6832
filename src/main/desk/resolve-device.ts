// From one device of a recipe to the very image it means on this station, or why it cannot be done. Whether the image fits
// the memories of a device is asked again when the device is there.
import { asFault, Fault, reportOf } from '../../shared/fault/fault.ts'
import type { DeviceImage } from '../../shared/model/device-image.ts'
import type { DeviceTarget } from '../../shared/model/firmware-view.ts'
import type { DfuRecipe, DfuRecipeDevice } from '../../shared/model/recipe.ts'
import { stationQuirks } from '../station/devices/known-quirks.ts'
import { habitsOf } from '../station/devices/quirk-book.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import { hex } from '../station/firmware/module-format.ts'
import { refuser } from '../station/firmware/refusal.ts'
import { chooseImage } from '../station/images/choose-firmware.ts'
import { imageFits, namesOfMatch } from '../station/images/image-fits.ts'

const dfuseVersion = 0x011a

export async function resolveDevice(
  wish: DfuRecipeDevice,
  recipe: Pick<DfuRecipe, 'job' | 'name'>,
  library: Pick<FirmwareLibrary, 'images'>,
): Promise<DeviceTarget> {
  try {
    const image = recipe.job === 'identify' ? null : await imageFor(wish, library)
    return { wish, image, fault: null }
  } catch (thrown) {
    return { wish, image: null, fault: reportOf(asFault(thrown)) }
  }
}

/** Throws RECIPE_INVALID, FIRMWARE_MISSING, FIRMWARE_CORRUPT, and FIRMWARE_REFUSED for an image of another device. */
async function imageFor(wish: DfuRecipeDevice, { images }: Pick<FirmwareLibrary, 'images'>): Promise<DeviceImage> {
  const { name, match } = wish
  if (wish.image === null) throw new Fault('RECIPE_INVALID', `${name}: the recipe names no image`)
  if (!('sha256' in wish.image)) throw new Fault('INTERNAL', 'a recipe with files was not taken in')
  const { sha256 } = wish.image
  const names = namesOfMatch(match)
  const file = await images.find(sha256)
  if (!file) throw new Fault('FIRMWARE_MISSING', `${name}: the image ${sha256} is not in the library`)
  const image = chooseImage(file.images, names.guids, refuser('image', file.source))
  const { misfit } = imageFits(image, names)
  if (misfit !== null) throw new Fault('FIRMWARE_REFUSED', `${misfit} [WRONG_DEVICE]`)
  checkPlace(wish, image)
  return image
}

/** What recipe and image say of the place must go together; the rest is known when the device is there. */
function checkPlace(wish: DfuRecipeDevice, { elements, source }: DeviceImage): void {
  const refuse = (why: string): never => {
    throw new Fault('RECIPE_INVALID', `${wish.name}: ${why}`)
  }
  const { address, memory } = wish
  const own = elements.find((element) => element.address !== null && element.address !== address)
  if (address !== null && own?.address != null) {
    refuse(`${source} goes to ${hex(own.address)} by itself, and the recipe says ${hex(address)}`)
  }
  const other = elements.find(({ alternate }) => alternate !== null && alternate !== memory)
  if (typeof memory === 'number' && other) {
    refuse(`${source} is for memory ${other.alternate}, and the recipe says ${memory}`)
  }
  if (address === null && elements.some((element) => element.address === null) && isDfuse(wish)) {
    refuse(`${source} has no address and the device needs one (DfuSe): the recipe must say "address"`)
  }
}

/** Known by its ids alone, as far as the quirks that come with the station tell. */
function isDfuse({ match }: DfuRecipeDevice): boolean {
  const book = stationQuirks(null)
  return namesOfMatch(match).usbIds.some((ids) => {
    const [vendorId = 0, productId = 0] = ids.split(':').map((part) => Number.parseInt(part, 16))
    return habitsOf(book, { vendorId, productId, deviceRelease: 0 }).habits.forcedVersion === dfuseVersion
  })
}
