// Reads and checks one image file for a DFU device that is no Particle board, whole: nothing is believed that the bytes do
// not prove. Works on bytes alone; it must not know files, boards or USB.

import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../../shared/fault/fault.ts'
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import { sha256Of } from '../firmware/module-suffix.ts'
import { refuser } from '../firmware/refusal.ts'
import { isCab } from './cab-directory.ts'
import { cabFirmwares } from './cab-firmwares.ts'
import { chooseFirmware } from './choose-firmware.ts'
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
  return [imageOf(readPayload(bytes, name, refuse), { bytes, source: name })]
}

/**
 * The one firmware of the file that is meant. Throws like parseImages, and of a cabinet WRONG_DEVICE where none is for this
 * device, AMBIGUOUS where it cannot be told which is meant.
 */
export function parseImage(bytes: Uint8Array, about: ImageAbout): ParsedImage {
  return chooseFirmware(parseImages(bytes, about), about.guids ?? null, refuser('image', about.name))
}

/**
 * The bytes of each element of an image that was parsed before, out of its file as the library gives it. Throws
 * FIRMWARE_CORRUPT when they are not in it.
 */
export function piecesOf(image: DeviceImage, bytes: Uint8Array): readonly Uint8Array[] {
  if (sha256Of(bytes) !== image.sha256) {
    throw new Fault('FIRMWARE_CORRUPT', `${image.source} (${image.sha256}) now has SHA-256 ${sha256Of(bytes)}`)
  }
  const found = parseImages(bytes, { name: image.source }).find(
    (parsed) =>
      isDeepStrictEqual(parsed.image.elements, image.elements) && isDeepStrictEqual(parsed.image.guids, image.guids),
  )
  if (!found) throw new Fault('FIRMWARE_CORRUPT', `${image.source} (${image.sha256}) has other elements than was said`)
  return found.pieces
}
