// Module files kept in memory once they were read and checked: 32 slots that flash the same file read it once. What a
// recipe states of a file is checked with it, so a file is known only together with all that was stated.
import type { FirmwareShelf } from '../station/ports.ts'

type StatedModule = Parameters<FirmwareShelf['bytesOf']>[0]

/** More than any set of one platform holds, little enough for a bench with several recipes. */
const keptFiles = 24

export function rememberedShelf(shelf: FirmwareShelf): FirmwareShelf {
  const kept = new Map<string, Promise<Uint8Array>>()
  return {
    bytesOf: (module) => {
      const stated = everythingStated(module)
      const known = kept.get(stated)
      if (known) return known
      const reading = shelf.bytesOf(module)
      kept.set(stated, reading)
      reading.catch(() => kept.delete(stated))
      const oldest = kept.keys().next()
      if (kept.size > keptFiles && !oldest.done) kept.delete(oldest.value)
      return reading
    },
  }
}

/** All but where it came from, which nobody trusts: where a module goes counts as much as what it is. */
function everythingStated({ source: _, ...stated }: StatedModule): string {
  return JSON.stringify(stated)
}
