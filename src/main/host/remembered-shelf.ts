// Module files kept in memory once they were read and checked: 32 slots that flash the same file read it once. What a
// recipe states of a file is checked with it, so a file is known only together with all that was stated.
import type { FirmwareShelf } from '../station/ports.ts'

type StatedModule = Parameters<FirmwareShelf['bytesOf']>[0]

/** More than any set of one platform holds, little enough for a bench with several recipes. */
const keptFiles = 24
/** A recipe has one or two; they may be as large as an image can be. */
const keptImages = 6

export function rememberedShelf(shelf: FirmwareShelf): FirmwareShelf {
  const ofModule = remembering(keptFiles)
  const ofAsset = remembering(keptFiles)
  const ofImage = remembering(keptImages)
  return {
    bytesOf: (module) => ofModule(everythingStated(module), () => shelf.bytesOf(module)),
    assetModuleOf: (asset) => ofAsset(JSON.stringify(asset), () => shelf.assetModuleOf(asset)),
    imageOf: (sha256) => ofImage(sha256, () => shelf.imageOf(sha256)),
  }
}

/** The promises of the newest readings by what was asked; one that failed is asked for again. */
function remembering(most: number) {
  const kept = new Map<string, Promise<Uint8Array>>()
  return (asked: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const known = kept.get(asked)
    if (known) return known
    const reading = read()
    kept.set(asked, reading)
    reading.catch(() => kept.delete(asked))
    const oldest = kept.keys().next()
    if (kept.size > most && !oldest.done) kept.delete(oldest.value)
    return reading
  }
}

/** All but where it came from, which nobody trusts: where a module goes counts as much as what it is. */
function everythingStated({ source: _, ...stated }: StatedModule): string {
  return JSON.stringify(stated)
}
