// The images of a recipe for DFU devices, into a pack and out of it. The recipe names each by its hash, so a pack holds
// those files and no others, and no station can mean another file by it.
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { DeviceTarget } from '../../shared/model/firmware-view.ts'
import type { DfuRecipe } from '../../shared/model/recipe.ts'
import { isClutter } from '../station/firmware/file-tree.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import { maxUnpackedBytes } from '../station/firmware/limits.ts'
import { sha256Of } from '../station/firmware/module-suffix.ts'
import { parseImages } from '../station/images/parse-image.ts'
import type { StoredFile } from '../station/packs/stored-zip.ts'

/** pack.json and its signature beside the images. */
const roomForTheRest = 1024 * 1024

/**
 * Throws the fault of a device that cannot be flashed, FIRMWARE_CORRUPT, and PACK_UNREADABLE for more than a pack can
 * hold. A recipe that only identifies needs no image.
 */
export async function imageFiles(
  devices: readonly DeviceTarget[],
  library: FirmwareLibrary,
): Promise<readonly StoredFile[]> {
  const files = new Map<string, StoredFile>()
  for (const { image, fault } of devices) {
    if (fault) throw faultFrom(fault)
    if (!image || files.has(image.sha256)) continue
    const held = await library.images.find(image.sha256)
    const bytes = await library.imageOf(image.sha256)
    const path = `images/${files.size + 1}/${plainName(held?.source ?? image.source)}`
    files.set(image.sha256, { path, bytes })
  }
  const total = [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (total > maxUnpackedBytes - roomForTheRest) {
    throw new Fault('PACK_UNREADABLE', `the images have ${total} bytes: more than a pack can hold`)
  }
  return [...files.values()]
}

/** A name that every system takes; its ending stays, for it tells what the file is. */
function plainName(source: string): string {
  const name = source.replaceAll(/[^\w.+-]+/g, '_').replace(/^[._]+/, '')
  const short = name.length > 100 ? name.slice(-100).replace(/^[._]+/, '') : name
  return short === '' || isClutter(short) ? `image-${short}` : short
}

/** What the recipe names is there, whole and good, and nothing else is. Throws PACK_UNREADABLE or the refusal of an image. */
export function checkImages(recipe: DfuRecipe, files: readonly StoredFile[], title: string): void {
  const refuse = (why: string): never => {
    throw new Fault('PACK_UNREADABLE', `${title}: ${why}`)
  }
  const wanted = new Set(recipe.devices.flatMap(({ image }) => (image && 'sha256' in image ? [image.sha256] : [])))
  if (recipe.devices.some(({ image }) => image && 'file' in image)) refuse('its recipe names an image by file')
  for (const { path, bytes } of files) {
    const sha256 = sha256Of(bytes)
    if (!wanted.delete(sha256)) refuse(`${path} is no image that its recipe names`)
    parseImages(bytes, { name: nameOf(path) })
  }
  const [missing] = recipe.job === 'identify' ? [] : wanted
  if (missing !== undefined) refuse(`the image ${missing} is not in it`)
}

/** Of files that were checked. Throws the refusal of an image. */
export async function importImages(files: readonly StoredFile[], library: FirmwareLibrary): Promise<void> {
  for (const { path, bytes } of files) {
    const { refused } = await library.images.importUpload(nameOf(path), bytes)
    if (refused[0]) throw refused[0]
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
