// Reads and checks one image file for a DFU device that is no Particle board, whole: nothing is believed that the bytes do
// not prove. Works on bytes alone; it must not know files, boards or USB.

import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../../shared/fault/fault.ts'
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import { sha256Of } from '../firmware/module-suffix.ts'
import { refuser } from '../firmware/refusal.ts'
import { isCab } from './cab-directory.ts'
import { cabFirmwares } from './cab-firmwares.ts'
import { chooseImage } from './choose-firmware.ts'
import { imageOf, type ParsedImage } from './payload.ts'
import { checkFileSize, readPayload } from './read-payload.ts'

export interface ImageAbout {
  /** The file as the user knows it: "blinky.dfu". */
  readonly name: string
  /** GUIDs of the device, which choose among several firmwares of a cabinet; absent: it must hold exactly one. */
  readonly guids?: readonly string[]
}

/** Every firmware of the file: one, or those of a cabinet. Throws a Refusal of layer image that names the file. */
export function parseImages(bytes: Uint8Array, about: Pick<ImageAbout, 'name'>): readonly ParsedImage[] {
  const { name } = about
  const refuse = refuser('image', name)
  checkFileSize(bytes, refuse)
  if (isCab(bytes)) return cabFirmwares(bytes, name)
  if (/\.cab$/i.test(name)) refuse('BAD_CAB', 'it is called .cab and does not begin as a cabinet does')
  return [imageOf(readPayload(bytes, name, refuse), { bytes, source: name })]
}

/**
 * The one firmware of the file that is meant. Throws like parseImages, and of a cabinet WRONG_DEVICE where none is for this
 * device, AMBIGUOUS where it cannot be told which is meant.
 */
export function parseImage(bytes: Uint8Array, about: ImageAbout): ParsedImage {
  const parsed = parseImages(bytes, about)
  const all = parsed.map(({ image }) => image)
  const image = chooseImage(all, about.guids ?? null, refuser('image', about.name))
  const found = parsed.find((each) => isSame(each.image, image))
  if (!found) throw new Fault('INTERNAL', `${about.name}: an image that was chosen is gone`)
  return { image, pieces: found.pieces }
}

/** Files that were read before, by their very bytes: a job asks for one piece after the other. */
const readBefore = new WeakMap<Uint8Array, readonly ParsedImage[]>()

/**
 * The bytes of each element of an image that was parsed before, out of its file as the library gives it; those bytes must
 * not change afterwards. Throws FIRMWARE_CORRUPT when they are not in it.
 */
export function piecesOf(image: DeviceImage, bytes: Uint8Array): readonly Uint8Array[] {
  const about = `${image.source} (${image.sha256})`
  const parsed = readBefore.get(bytes) ?? parsedAgain(image, bytes)
  readBefore.set(bytes, parsed)
  const found = parsed.find((each) => isSame(each.image, image))
  if (!found) throw new Fault('FIRMWARE_CORRUPT', `${about} has other elements than was said`)
  return found.pieces
}

function parsedAgain({ source, sha256 }: DeviceImage, bytes: Uint8Array): readonly ParsedImage[] {
  const actual = sha256Of(bytes)
  if (actual !== sha256) throw new Fault('FIRMWARE_CORRUPT', `${source} (${sha256}) now has SHA-256 ${actual}`)
  return parseImages(bytes, { name: source })
}

/** Apart from notes, which tell also what else a cabinet holds, and from names, which nobody trusts. */
function isSame(one: DeviceImage, other: DeviceImage): boolean {
  const facts = ({ sha256, elements, guids, version }: DeviceImage) => ({ sha256, elements, guids, version })
  return isDeepStrictEqual(facts(one), facts(other))
}
