// A NOR flash chip in memory: erase sets a sector to 0xFF, program can only clear bits. Pages are held only where they
// are not blank, and pages of a factory image are shared between boards until one of them writes, so that a bench of 32
// boards fits in one process. No time passes here and nothing is refused but addresses outside the chip.
import { Fault } from '../../shared/fault/fault.ts'
import type { FlashChip } from './board-parts.ts'

const pageSizeBytes = 4096

export interface SectorRun {
  readonly count: number
  readonly sizeBytes: number
}

export interface ChipLayout {
  readonly base: number
  readonly sectors: readonly SectorRun[]
}

/** Content of a chip by 4 KB pages, null where blank. Never written again once it was handed out. */
export type FlashImage = readonly (Uint8Array | null)[]

export interface SparseFlashChip extends FlashChip {
  isBlank(address: number, sizeBytes: number): boolean
  /** Power lost in the middle of an erase: the first half of the sector is blank, the rest is as before. */
  interruptErase(address: number): void
  /** The content now; its pages are shared from then on and copied at the next write. */
  image(): FlashImage
  /** Bytes of pages that belong to this chip alone. */
  ownedBytes(): number
}

type Sector = { readonly address: number; readonly sizeBytes: number }

/** A blank chip, or one that starts with the content of `image` (of a chip with the same layout). */
export function createFlashChip(layout: ChipLayout, image?: FlashImage): SparseFlashChip {
  const sectors = sectorsOf(layout)
  const sizeBytes = layout.sectors.reduce((sum, run) => sum + run.count * run.sizeBytes, 0)
  const store = createPageStore(sizeBytes, image)
  const offsetOf = (address: number, length: number): number => {
    const offset = address - layout.base
    if (offset < 0 || offset + length > sizeBytes)
      throw new Fault('INTERNAL', `flash chip has no range 0x${address.toString(16)}+${length}`)
    return offset
  }
  const sectorAt = (address: number): Sector => {
    offsetOf(address, 1)
    const found = sectors.findLast((sector) => sector.address <= address)
    if (!found) throw new Fault('INTERNAL', `no sector at 0x${address.toString(16)}`)
    return found
  }
  return {
    base: layout.base,
    sizeBytes,
    sectorAt,
    read: (address, length) => store.read(offsetOf(address, length), length),
    program: (address, data) => store.program(offsetOf(address, data.length), data),
    isBlank: (address, length) => store.isBlank(offsetOf(address, length), length),
    eraseSector: (address) => {
      const sector = sectorAt(address)
      store.erase(sector.address - layout.base, sector.sizeBytes)
    },
    interruptErase: (address) => {
      const sector = sectorAt(address)
      store.erase(sector.address - layout.base, sector.sizeBytes / 2)
    },
    image: store.share,
    ownedBytes: store.ownedBytes,
  }
}

function sectorsOf(layout: ChipLayout): readonly Sector[] {
  const sectors: Sector[] = []
  let address = layout.base
  for (const run of layout.sectors) {
    for (let n = 0; n < run.count; n += 1) {
      sectors.push({ address, sizeBytes: run.sizeBytes })
      address += run.sizeBytes
    }
  }
  return sectors
}

interface PageStore {
  read(offset: number, length: number): Uint8Array
  program(offset: number, data: Uint8Array): void
  erase(offset: number, length: number): void
  isBlank(offset: number, length: number): boolean
  share(): FlashImage
  ownedBytes(): number
}

function createPageStore(sizeBytes: number, image?: FlashImage): PageStore {
  const pages: (Uint8Array | null)[] = image ? [...image] : new Array(sizeBytes / pageSizeBytes).fill(null)
  const owned = new Uint8Array(pages.length)

  const writable = (index: number): Uint8Array => {
    const page = pages[index]
    if (page && owned[index]) return page
    const copy = page ? page.slice() : new Uint8Array(pageSizeBytes).fill(0xff)
    pages[index] = copy
    owned[index] = 1
    return copy
  }
  const erasePart = (index: number, from: number, to: number): void => {
    if (!pages[index]) return
    if (from === 0 && to === pageSizeBytes) pages[index] = null
    else writable(index).fill(0xff, from, to)
  }
  return {
    read: (offset, length) => {
      const bytes = new Uint8Array(length).fill(0xff)
      forEachPage(offset, length, (part) => {
        const page = pages[part.index]
        if (page) bytes.set(page.subarray(part.from, part.to), part.done)
      })
      return bytes
    },
    program: (offset, data) =>
      forEachPage(offset, data.length, (part) => {
        const piece = data.subarray(part.done, part.done + part.to - part.from)
        if (!isAllOnes(piece)) clearBits(writable(part.index), part.from, piece)
      }),
    erase: (offset, length) => forEachPage(offset, length, (part) => erasePart(part.index, part.from, part.to)),
    isBlank: (offset, length) => {
      let blank = true
      forEachPage(offset, length, (part) => {
        const page = pages[part.index]
        blank &&= !page || isAllOnes(page.subarray(part.from, part.to))
      })
      return blank
    },
    share: () => {
      owned.fill(0)
      return [...pages]
    },
    ownedBytes: () => pages.filter((page, index) => page !== null && owned[index] === 1).length * pageSizeBytes,
  }
}

interface PagePart {
  readonly index: number
  /** Range inside the page. */
  readonly from: number
  readonly to: number
  /** Bytes of the whole range that came before this page. */
  readonly done: number
}

function forEachPage(offset: number, length: number, visit: (part: PagePart) => void): void {
  let done = 0
  while (done < length) {
    const at = offset + done
    const from = at % pageSizeBytes
    const to = Math.min(pageSizeBytes, from + length - done)
    visit({ index: Math.floor(at / pageSizeBytes), from, to, done })
    done += to - from
  }
}

function clearBits(page: Uint8Array, from: number, data: Uint8Array): void {
  for (let n = 0; n < data.length; n += 1) page[from + n] = (page[from + n] ?? 0) & (data[n] ?? 0)
}

function isAllOnes(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0xff)
}
