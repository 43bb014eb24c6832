// One alternate setting as the bootloader sees it: which ranges it serves, what reading, erasing and writing do to the
// chip behind it and how long they take. Refused means null; the machines turn that into their own kind of error.
import type { AccountBook } from '../account.ts'
import type { BoardChips } from '../board-parts.ts'
import type { SparseFlashChip } from '../flash-chip.ts'
import type { PlatformLayout } from '../layouts.ts'
import type { SimFamily } from '../sim-platforms.ts'
import { eraseTimeMs, type MemoryKind, programTimeMs } from '../timings.ts'

/** An operation that was accepted: its time, whether the bootloader will find it good, and its effect. */
export interface MemoryWork {
  readonly kind: 'erase' | 'program' | 'other'
  readonly durationMs: number
  /** False when the bootloader's own check after writing fails (Gen 2 compares what it wrote). */
  readonly holds: boolean
  apply(): void
  interrupt(): void
}

export interface DfuMemory {
  read(address: number, sizeBytes: number): Uint8Array | null
  erase(address: number): MemoryWork | null
  write(address: number, data: Uint8Array): MemoryWork | null
  /** bwPollTimeout while an erase, or any other operation, runs. */
  readonly pollTimeoutMs: { readonly erase: number; readonly other: number }
}

export interface BoardMemory extends BoardChips {
  readonly internal: SparseFlashChip
  readonly external: SparseFlashChip | null
}

/** The memories of a board in the order of its alternate settings. */
export function dfuMemories(layout: PlatformLayout, chips: BoardMemory, account: AccountBook): readonly DfuMemory[] {
  return layout.alternates.map(({ memory }) => {
    if (memory === 'dct') return dctMemory(layout.family, chips.dct)
    if (memory === 'external' && chips.external) return flashMemory(externalOptions(layout, chips.external, account))
    return flashMemory(internalOptions(layout, chips.internal, account))
  })
}

interface FlashOptions {
  readonly chip: SparseFlashChip
  readonly kind: MemoryKind
  readonly writableFrom: number
  readonly writableTo: number
  /** Gen 2: reads outside give zeros instead of failing, and a write is compared with the data, up to three times. */
  readonly isGen2: boolean
  readonly account: AccountBook
}

export function memoryKindOf(family: SimFamily): MemoryKind {
  if (family === 'gen2') return 'stm32'
  return family === 'nrf52' ? 'nrf-internal' : 'nor-blank-skip'
}

function internalOptions(layout: PlatformLayout, chip: SparseFlashChip, account: AccountBook): FlashOptions {
  const { writableFrom, writableTo, family } = layout
  return { chip, account, writableFrom, writableTo, kind: memoryKindOf(family), isGen2: family === 'gen2' }
}

function externalOptions({ family }: PlatformLayout, chip: SparseFlashChip, account: AccountBook): FlashOptions {
  const writableTo = chip.base + chip.sizeBytes
  return { chip, account, writableFrom: chip.base, writableTo, kind: 'nor', isGen2: family === 'gen2' }
}

function flashMemory(options: FlashOptions): DfuMemory {
  const { chip, isGen2, writableFrom, writableTo } = options
  const isInside = (address: number, length: number) =>
    address >= chip.base && address + length <= chip.base + chip.sizeBytes
  const mayWrite = (address: number, length: number) => address >= writableFrom && address + length <= writableTo
  return {
    pollTimeoutMs: { erase: 0, other: 0 },
    read: (address, sizeBytes) => {
      if (isInside(address, sizeBytes)) return chip.read(address, sizeBytes)
      return isGen2 ? new Uint8Array(sizeBytes) : null
    },
    erase: (address) => (mayWrite(address, 1) ? eraseWork(options, address) : null),
    write: (address, data) => (mayWrite(address, data.length) ? writeWork(options, address, data) : null),
  }
}

function eraseWork({ chip, kind, account }: FlashOptions, address: number): MemoryWork {
  const sector = chip.sectorAt(address)
  const isBlank = kind === 'nor-blank-skip' && chip.isBlank(sector.address, sector.sizeBytes)
  return {
    kind: 'erase',
    holds: true,
    durationMs: eraseTimeMs(kind, sector.sizeBytes, isBlank),
    apply: () => {
      if (!isBlank) account.erased(1)
      chip.eraseSector(address)
    },
    interrupt: () => chip.interruptErase(address),
  }
}

function writeWork({ chip, kind, isGen2, account }: FlashOptions, address: number, data: Uint8Array): MemoryWork {
  const holds = !isGen2 || clearsOnly(chip.read(address, data.length), data)
  return {
    kind: 'program',
    holds,
    durationMs: programTimeMs(kind, data.length) * (holds ? 1 : 3),
    apply: () => {
      account.programmed(data.length)
      chip.program(address, data)
    },
    interrupt: () => chip.program(address, data.subarray(0, data.length / 2)),
  }
}

/** True when programming `data` over `before` gives exactly `data`. */
function clearsOnly(before: Uint8Array, data: Uint8Array): boolean {
  return data.every((byte, n) => ((before[n] ?? 0) & byte) === byte)
}

/** Device configuration: byte-wise writes without erase; erase does nothing. Gen 2 has its two poll times swapped. */
function dctMemory(family: SimFamily, dct: Uint8Array): DfuMemory {
  const isServed = (address: number, length: number) => address + length <= dct.length
  return {
    pollTimeoutMs: family === 'gen2' ? { erase: 500, other: 1 } : { erase: 0, other: 0 },
    read: (address, sizeBytes) => {
      if (isServed(address, sizeBytes)) return dct.slice(address, address + sizeBytes)
      return family === 'gen2' ? new Uint8Array(sizeBytes) : null
    },
    erase: (address) => {
      if (family === 'gen2' && !isServed(address, 1)) return null
      return { kind: 'other', durationMs: 0, holds: true, apply: () => {}, interrupt: () => {} }
    },
    write: (address, data) => {
      if (!isServed(address, data.length)) return null
      const durationMs = programTimeMs('dct', data.length)
      return { kind: 'program', durationMs, holds: true, apply: () => dct.set(data, address), interrupt: () => {} }
    },
  }
}
