// The reason for which an image file is refused, as a test wants to see it.
import { Refusal, type RefusalReason } from '../../../src/main/station/firmware/refusal.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'

/** null where the file is taken; anything thrown that is no refusal of an image goes on. */
export function reasonFor(bytes: Uint8Array, name = 'blinky.dfu'): RefusalReason | null {
  return refusalOf(bytes, name)?.reason ?? null
}

export function refusalOf(bytes: Uint8Array, name = 'blinky.dfu'): Refusal | null {
  try {
    parseImages(bytes, { name })
    return null
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.code !== 'FIRMWARE_REFUSED') throw thrown
    return thrown
  }
}
