// Which memory each piece of an image goes to, and at which address: from the file, from the recipe, or because there is
// only one choice. Everything that cannot be is refused here, before anything moves. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DeviceImage, ImageElement } from '../../../shared/model/device-image.ts'
import type { DevicePiece } from '../../../shared/model/device-plan.ts'
import type { DfuRecipeDevice } from '../../../shared/model/recipe.ts'
import { type LoaderFacts, type MemoryFacts, memoryList, memoryName } from './device-facts.ts'
import { isProtectedMemory, protectedBecause } from './protected-memories.ts'

export interface PlacedPiece {
  readonly piece: DevicePiece
  readonly memory: MemoryFacts
}

interface Wanted {
  readonly image: DeviceImage
  readonly wish: DfuRecipeDevice
}

/** Throws PLAN_REFUSED where a piece has no memory or no address, or must not go there. */
export function placePieces({ image, wish }: Wanted, loader: LoaderFacts): readonly PlacedPiece[] {
  return image.elements.map((element, at) => {
    const address = addressOf({ image, wish }, element, loader)
    const memory = memoryFor(loader, wish, { ...element, address })
    const range = address === null ? null : { address, sizeBytes: element.sizeBytes }
    const why = protectedBecause(memory, range, wish.allow)
    if (why) throw refused(`piece ${at + 1}: ${why}`)
    return { piece: pieceOf(element, at, { ...memory, address, text: memoryName(memory) }), memory }
  })
}

/** Where the pieces go as far as that can be said while its program runs: its loader has the last word. */
export function expectPieces({ image, wish }: Wanted): readonly DevicePiece[] {
  const named = typeof wish.memory === 'number' ? wish.memory : 0
  return image.elements.map((element, at) => {
    const alternate = element.alternate ?? named
    const text = typeof wish.memory === 'string' ? wish.memory : `memory ${alternate}`
    return pieceOf(element, at, { alternate, address: element.address ?? wish.address, text })
  })
}

function pieceOf(
  { sizeBytes, sha256 }: ImageElement,
  at: number,
  place: { readonly alternate: number; readonly address: number | null; readonly text: string },
): DevicePiece {
  const { alternate, address, text } = place
  return { position: at + 1, alternate, memory: text, address, sizeBytes, sha256 }
}

function addressOf({ image, wish }: Wanted, element: ImageElement, { protocol }: LoaderFacts): number | null {
  const { address } = element
  if (protocol === 'dfu') {
    if (address !== null)
      throw refused(`the device takes no addresses (DFU 1.1), and ${image.source} has them: ${hint}`)
    if (wish.address !== null) throw refused(`the device takes no addresses (DFU 1.1), and the recipe names one`)
    return null
  }
  if (address === null && wish.address === null) {
    throw refused(`${image.source} has no address, and the device needs one (DfuSe): the recipe must say "address"`)
  }
  const isOther = address !== null && wish.address !== null && (address !== wish.address || image.elements.length > 1)
  if (isOther) throw refused(`${image.source} has addresses of its own, and the recipe names another`)
  return address ?? wish.address
}

const hint = 'make a raw file or a .dfu file of it'

interface Place {
  readonly alternate: number | null
  readonly address: number | null
}

function memoryFor({ memories }: LoaderFacts, { memory: wanted }: DfuRecipeDevice, place: Place): MemoryFacts {
  const byFile = memories.filter(({ alternate }) => alternate === place.alternate)
  const byRecipe = memories.filter((memory) => isNamed(memory, wanted))
  if (place.alternate !== null) {
    const isAnother = wanted !== null && !byRecipe.some(({ alternate }) => alternate === place.alternate)
    if (isAnother) throw refused(`the file is for memory ${place.alternate}, the recipe says ${JSON.stringify(wanted)}`)
    return theOnly(byFile, `the file is for memory ${place.alternate}`, memories)
  }
  if (wanted !== null) return theOnly(byRecipe, `the recipe says memory ${JSON.stringify(wanted)}`, memories)
  return theOnly(candidates(memories, place), 'neither file nor recipe says which memory', memories)
}

/** The start of a name, in capitals or not: with the "@" of a memory map or without. */
export function isNamed(memory: MemoryFacts, wanted: number | string | null): boolean {
  if (typeof wanted !== 'string') return memory.alternate === wanted
  const start = wanted.trim().replace(/^@/, '').toLowerCase()
  return memoryName(memory).toLowerCase().startsWith(start)
}

/** Memories for firmware; of several the one that has the address. */
function candidates(memories: readonly MemoryFacts[], { address }: Place): readonly MemoryFacts[] {
  const writable = memories.filter((memory) => !isProtectedMemory(memory) && isWritable(memory))
  if (writable.length < 2 || address === null) return writable
  return writable.filter(({ map }) => map?.segments.some((segment) => isIn(segment, address)))
}

function isWritable({ map }: MemoryFacts): boolean {
  return map === null || map.segments.some((segment) => segment.isWritable)
}

function isIn(
  segment: { readonly startAddress: number; readonly sectorBytes: number; readonly sectorCount: number },
  address: number,
): boolean {
  const { startAddress, sectorBytes, sectorCount } = segment
  return address >= startAddress && address < startAddress + sectorBytes * sectorCount
}

function theOnly(found: readonly MemoryFacts[], why: string, all: readonly MemoryFacts[]): MemoryFacts {
  const [first, ...others] = found
  if (first && others.length === 0) return first
  const how = first ? 'fits several' : 'fits none'
  throw refused(`${why}, and that ${how} of: ${memoryList(all)}`)
}

function refused(detail: string): Fault {
  return new Fault('PLAN_REFUSED', detail)
}
