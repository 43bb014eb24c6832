// What a board of the line may hold when it comes: laid straight into its chips, as another station, a broken flash or a
// bad day would have left it. Bootloaders stay whole, for a board without one answers nobody.
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { FlashImage } from './flash-images.ts'

/** Places are shares, 0 to 1, of the modules that DFU writes, so that one description fits every board. */
export type Contents =
  | { readonly kind: 'as delivered' }
  /** Every file of the set. */
  | { readonly kind: 'the set' }
  /** The set, but for one bit. */
  | { readonly kind: 'one bit'; readonly at: number }
  /** The set up to a place, what was there before behind it. */
  | { readonly kind: 'half written'; readonly upTo: number }
  /** The set with a hole of erased sectors. */
  | { readonly kind: 'a blank hole'; readonly from: number; readonly to: number }
  /** The set, but some modules of it are other builds of the same versions. */
  | { readonly kind: 'other builds'; readonly files: readonly string[] }

export interface SetImages {
  readonly set: readonly FlashImage[]
  readonly otherBuilds: readonly FlashImage[]
}

export function layIn(board: SimulatedBoard, contents: Contents, { set, otherBuilds }: SetImages): void {
  const written = set.filter(({ file }) => !file.includes('boot'))
  const sizeBytes = written.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const placeAt = (share: number) => Math.min(sizeBytes - 1, Math.floor(share * sizeBytes))
  if (contents.kind === 'as delivered') return
  if (contents.kind === 'half written') {
    for (const part of partsOf(written, 0, placeAt(contents.upTo))) put(board, part)
    return
  }
  for (const image of set) put(board, image)
  if (contents.kind === 'one bit') flip(board, partsOf(written, placeAt(contents.at), placeAt(contents.at) + 1))
  if (contents.kind === 'a blank hole') {
    for (const part of partsOf(written, placeAt(contents.from), placeAt(contents.to))) erase(board, part)
  }
  if (contents.kind === 'other builds') {
    for (const image of otherBuilds.filter(({ file }) => contents.files.includes(file))) put(board, image)
  }
}

/** The bytes `from` to `to` of all images one after another. */
function partsOf(images: readonly FlashImage[], from: number, to: number): readonly FlashImage[] {
  let before = 0
  return images.flatMap((image) => {
    const [start, end] = [from - before, to - before].map((at) => Math.min(image.bytes.length, Math.max(0, at)))
    before += image.bytes.length
    if (start === undefined || end === undefined || start >= end) return []
    return [{ ...image, address: image.address + start, bytes: image.bytes.subarray(start, end) }]
  })
}

function put(board: SimulatedBoard, image: FlashImage): void {
  erase(board, image)
  board.chips.internal.program(image.address, image.bytes)
}

function erase(board: SimulatedBoard, { address, bytes }: FlashImage): void {
  const { internal } = board.chips
  for (let at = address; at < address + bytes.length; ) {
    const sector = internal.sectorAt(at)
    internal.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
}

/** Flash can only lose a bit; a byte that has none to lose gains one, with its sector kept. */
function flip(board: SimulatedBoard, parts: readonly FlashImage[]): void {
  const { internal } = board.chips
  for (const { address, bytes } of parts) {
    const sector = internal.sectorAt(address)
    const content = internal.read(sector.address, sector.sizeBytes).slice()
    content[address - sector.address] = (bytes[0] ?? 0) ^ 0x01
    internal.eraseSector(sector.address)
    internal.program(sector.address, content)
  }
}
