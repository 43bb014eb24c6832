// The memories of an STM32 by address, whatever alternate setting the host has chosen: program flash in sectors, whose
// bits a write can only clear, option bytes with the level of read protection, one-time bytes, and the feature word.
import type { AccountBook } from '../account.ts'
import type { StChip, StSmallMemory } from './st-chips.ts'
import { createStFlash, type StFlash } from './st-flash.ts'

/** Level 1 can be taken back at the price of all content, level 2 never. */
export type ReadProtection = 'none' | 'level 1' | 'level 2'

export interface StMemory extends Omit<StFlash, 'holds' | 'write' | 'all'> {
  protection(): ReadProtection
  /** What a write would meet; null when it does not fit into one memory. */
  writable(address: number, lengthBytes: number): 'flash' | StSmallMemory['kind'] | null
  /** Into any memory. Bits of flash can only be cleared. */
  write(address: number, data: Uint8Array): void
  /** Back to no read protection: everything in flash is lost. */
  unprotect(): void
  /** All bytes behind an alternate setting. Throws a RangeError when there is none. */
  alternate(number: number): Uint8Array
}

const open = 0xaa
const locked = 0xcc

export interface StMemoryOptions {
  readonly chip: StChip
  readonly account: AccountBook
  /** What flash holds at first, from its beginning. */
  readonly content: Uint8Array
  readonly isProtected: boolean
  /** deaf: nothing is erased or written. flips: one byte at the beginning of flash is written wrong. */
  readonly writes: 'good' | 'deaf' | 'flips'
}

interface SmallMemory {
  readonly memory: StSmallMemory
  readonly bytes: Uint8Array
}

export function createStMemory({ chip, account, content, isProtected, writes }: StMemoryOptions): StMemory {
  const flash = withFault(createStFlash(chip, account, content), chip.flashBase, writes)
  const others = chip.others.map((memory) => ({ memory, bytes: new Uint8Array(memory.sizeBytes).fill(0xff) }))
  const option = others.find(({ memory }) => memory.kind === 'option')?.bytes ?? new Uint8Array(1)
  option[chip.protectionOffset] = isProtected ? 0x55 : open
  const protection = () => levelOf(option[chip.protectionOffset] ?? 0)
  const otherAt = (address: number): SmallMemory | undefined =>
    others.find(({ memory }) => address >= memory.base && address < memory.base + memory.sizeBytes)
  const { read, ...sectors } = flash
  return {
    ...sectors,
    protection,
    read: (address, lengthBytes) => {
      const found = otherAt(address)
      return found
        ? found.bytes.slice(address - found.memory.base).subarray(0, lengthBytes)
        : read(address, lengthBytes)
    },
    writable: (address, lengthBytes) => {
      if (flash.holds(address, lengthBytes)) return 'flash'
      const found = otherAt(address)
      return found && address + lengthBytes <= found.memory.base + found.memory.sizeBytes ? found.memory.kind : null
    },
    write: (address, data) => {
      account.programmed(data.length)
      const found = otherAt(address)
      if (!found) return flash.write(address, data)
      const before = protection()
      store(found.memory, found.bytes.subarray(address - found.memory.base), data)
      if (before === 'level 1' && protection() === 'none') flash.massErase()
    },
    unprotect: () => {
      flash.massErase()
      option[chip.protectionOffset] = open
    },
    alternate: (number) => {
      if (number === 0) return flash.all()
      const found = others[number - 1]
      if (!found) throw new RangeError(`no alternate setting ${number}`)
      return found.bytes.slice()
    },
  }
}

function withFault(flash: StFlash, base: number, writes: StMemoryOptions['writes']): StFlash {
  if (writes === 'good') return flash
  const nothing = () => {}
  if (writes === 'deaf') return { ...flash, write: nothing, eraseSector: nothing, massErase: nothing }
  const flipped = (data: Uint8Array) => data.with(data.length - 1, (data.at(-1) ?? 0) ^ 1)
  return { ...flash, write: (address, data) => flash.write(address, address === base ? flipped(data) : data) }
}

/** Option bytes are erased before a write, one-time bytes never, and the feature word is none that can be written. */
function store({ kind }: StSmallMemory, place: Uint8Array, data: Uint8Array): void {
  for (const [at, byte] of data.entries()) {
    if (kind === 'option') place[at] = byte
    if (kind === 'otp') place[at] = (place[at] ?? 0) & byte
  }
}

function levelOf(byte: number): ReadProtection {
  return byte === open ? 'none' : byte === locked ? 'level 2' : 'level 1'
}
