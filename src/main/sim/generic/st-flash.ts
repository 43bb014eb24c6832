// The program flash of an STM32, by address: it is erased in sectors that differ in size, and a write only clears bits.
import type { AccountBook } from '../account.ts'
import { createFlashChip } from '../flash-chip.ts'
import type { StChip } from './st-chips.ts'

export interface StFlash {
  holds(address: number, lengthBytes: number): boolean
  /** Up to the end of the memory; null where there is none. */
  read(address: number, lengthBytes: number): Uint8Array | null
  write(address: number, data: Uint8Array): void
  all(): Uint8Array
  /** Size of the sector that holds the address; null where there is none. */
  sectorBytes(address: number): number | null
  eraseSector(address: number): void
  /** Power was lost in the middle. */
  interruptErase(address: number): void
  massErase(): void
  /** Nothing where a program would begin. */
  isBlank(): boolean
  /** From an address to the end; null where no program fits. */
  flashFrom(address: number): Uint8Array | null
}

/** A stack pointer and a reset vector. */
const leastProgramBytes = 8

/** `content`: what it holds at first, from its beginning. */
export function createStFlash({ flashBase, sectors }: StChip, account: AccountBook, content: Uint8Array): StFlash {
  const chip = createFlashChip({ base: flashBase, sectors })
  chip.program(flashBase, content)
  const end = flashBase + chip.sizeBytes
  const holds = (address: number, lengthBytes: number) => address >= flashBase && address + lengthBytes <= end
  const eraseSector = (address: number) => {
    chip.eraseSector(address)
    account.erased(1)
  }
  return {
    holds,
    read: (address, lengthBytes) =>
      holds(address, 1) ? chip.read(address, Math.min(lengthBytes, end - address)) : null,
    write: (address, data) => chip.program(address, data),
    all: () => chip.read(flashBase, chip.sizeBytes),
    sectorBytes: (address) => (holds(address, 1) ? chip.sectorAt(address).sizeBytes : null),
    eraseSector,
    interruptErase: (address) => chip.interruptErase(address),
    massErase: () => {
      for (let at = flashBase; at < end; at += chip.sectorAt(at).sizeBytes) eraseSector(at)
    },
    isBlank: () => chip.isBlank(flashBase, leastProgramBytes),
    flashFrom: (address) => (holds(address, leastProgramBytes) ? chip.read(address, end - address) : null),
  }
}
