// The flash behind one alternate setting, as a loader uses it that gets an image block by block: a page is erased when
// the download first touches it. How long that takes is the profile's.
import type { AccountBook } from '../account.ts'
import { createFlashChip } from '../flash-chip.ts'
import type { MemoryProfile } from './device-profile.ts'

export interface BlockWork {
  readonly durationMs: number
  apply(): void
  /** Power was lost in the middle. */
  interrupt(): void
}

export interface DeviceMemory {
  readonly sizeBytes: number
  /** Shorter, or empty, where the memory ends. */
  read(address: number, lengthBytes: number): Uint8Array
  /** Null when the block does not fit. */
  write(address: number, data: Uint8Array): BlockWork | null
  /** A new download: every page is erased again at its first touch. */
  begin(): void
}

/** `content`: what it holds at first, from address 0; the rest is blank. */
export function createDeviceMemory(profile: MemoryProfile, account: AccountBook, content: Uint8Array): DeviceMemory {
  const { sizeBytes, pageBytes, eraseMsPerPage, programMsPerKib } = profile
  const chip = createFlashChip({ base: 0, sectors: [{ count: sizeBytes / pageBytes, sizeBytes: pageBytes }] })
  chip.program(0, content)
  const erased = new Set<number>()
  const unerasedPages = (address: number, lengthBytes: number): readonly number[] => {
    const pages: number[] = []
    for (let page = address - (address % pageBytes); page < address + lengthBytes; page += pageBytes) {
      if (!erased.has(page)) pages.push(page)
    }
    return pages
  }
  const erase = (pages: readonly number[]) => {
    for (const page of pages) {
      chip.eraseSector(page)
      erased.add(page)
    }
    account.erased(pages.length)
  }
  return {
    sizeBytes,
    read: (address, lengthBytes) => {
      const end = Math.min(sizeBytes, address + lengthBytes)
      return address < end ? chip.read(address, end - address) : new Uint8Array()
    },
    begin: () => erased.clear(),
    write: (address, data) => {
      if (address + data.length > sizeBytes) return null
      const pages = unerasedPages(address, data.length)
      const eraseMs = pages.length * eraseMsPerPage
      const programMs = (data.length / 1024) * programMsPerKib
      return {
        durationMs: eraseMs + programMs,
        apply: () => {
          account.time('eraseMs', eraseMs)
          account.time('programMs', programMs)
          erase(pages)
          chip.program(address, data)
          account.programmed(data.length)
        },
        interrupt: () => {
          erase(pages)
          chip.program(address, data.subarray(0, data.length / 2))
        },
      }
    },
  }
}
