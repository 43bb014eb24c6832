// Module files kept in memory once they were read and checked: 32 slots that flash the same file read it once.
import type { FirmwareShelf } from '../station/ports.ts'

/** More than any set of one platform holds, little enough for a bench with several recipes. */
const keptFiles = 24

export function rememberedShelf(shelf: FirmwareShelf): FirmwareShelf {
  const kept = new Map<string, Promise<Uint8Array>>()
  return {
    bytesOf: (module) => {
      const known = kept.get(module.sha256)
      if (known) return known
      const reading = shelf.bytesOf(module)
      kept.set(module.sha256, reading)
      reading.catch(() => kept.delete(module.sha256))
      const oldest = kept.keys().next()
      if (kept.size > keptFiles && !oldest.done) kept.delete(oldest.value)
      return reading
    },
  }
}
