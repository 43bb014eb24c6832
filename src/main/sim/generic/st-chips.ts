// The STM32 chips that can be on a bench: what their ROM says of its memories, letter by letter as it was seen on real
// chips, where they lie, and how long the data sheet lets flash take. [U]: not told by any source.
import type { SectorRun } from '../flash-chip.ts'

/** Option bytes, OTP and the feature word are a few bytes each, and no flash of sectors. */
export interface StSmallMemory {
  readonly text: string
  readonly base: number
  readonly sizeBytes: number
  readonly kind: 'option' | 'otp' | 'feature'
}

export interface StChip {
  /** The alternate setting of the program flash. */
  readonly flashText: string
  readonly flashBase: number
  readonly sectors: readonly SectorRun[]
  /** The alternate settings after it. */
  readonly others: readonly StSmallMemory[]
  /** Where in the option bytes the level of read protection is. */
  readonly protectionOffset: number
  readonly release: number
  /** Writing is by bytes: the ROM does not know the supply voltage (STM32F4), by half or double words on others. */
  readonly programMsPerKib: number
  readonly eraseMsOf: (sectorBytes: number) => number
  /** What the ROM says of erasing a sector; absent: the truth. */
  readonly toldEraseMs?: number
  readonly massEraseMs: number
  /** What the ROM says of a mass erase, whatever it takes. */
  readonly toldMassEraseMs: number
  readonly maker: string
  readonly product: string
  /** 8-bit: the serial number string has a byte for each character, which is no UTF-16. */
  readonly serialForm: 'utf16' | '8-bit'
  /** A chip that is blank at reset starts its ROM. */
  readonly startsRomWhenBlank: boolean
}

const kib = 1024
const feature: StSmallMemory = {
  text: '@Device Feature/0xFFFF0000/01*004 e',
  base: 0xffff0000,
  sizeBytes: 4,
  kind: 'feature',
}

/** STM32F405/407/415/417, 1 MB. Erase times typical for byte programming (x8). */
const f4: StChip = {
  flashText: '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
  flashBase: 0x08000000,
  sectors: [
    { count: 4, sizeBytes: 16 * kib },
    { count: 1, sizeBytes: 64 * kib },
    { count: 7, sizeBytes: 128 * kib },
  ],
  others: [
    { text: '@Option Bytes  /0x1FFFC000/01*016 e', base: 0x1fffc000, sizeBytes: 16, kind: 'option' },
    { text: '@OTP Memory /0x1FFF7800/01*512 e,01*016 e', base: 0x1fff7800, sizeBytes: 528, kind: 'otp' },
    feature,
  ],
  protectionOffset: 1,
  release: 0x2200,
  programMsPerKib: 16.384,
  eraseMsOf: (sectorBytes) => (sectorBytes <= 16 * kib ? 400 : sectorBytes <= 64 * kib ? 1200 : 2000),
  massEraseMs: 16_000,
  toldMassEraseMs: 100,
  maker: 'STMicroelectronics',
  product: 'STM32  BOOTLOADER',
  serialForm: 'utf16',
  startsRomWhenBlank: false,
}

/** STM32F072, 128 KB in pages of 2 KB. */
const f0: StChip = {
  ...f4,
  flashText: '@Internal Flash  /0x08000000/064*0002Kg',
  sectors: [{ count: 64, sizeBytes: 2 * kib }],
  others: [{ text: '@Option Bytes  /0x1FFFF800/01*016 e', base: 0x1ffff800, sizeBytes: 16, kind: 'option' }],
  protectionOffset: 0,
  programMsPerKib: 512 * 0.0535,
  eraseMsOf: () => 30,
  massEraseMs: 30,
  toldMassEraseMs: 30,
  startsRomWhenBlank: true,
}

/** STM32L452 and its like, 512 KB in pages of 2 KB. */
const l4: StChip = {
  ...f4,
  flashText: '@Internal Flash  /0x08000000/0256*0002Kg',
  sectors: [{ count: 256, sizeBytes: 2 * kib }],
  others: [
    { text: '@Option Bytes  /0x1FFF7800/01*040 e', base: 0x1fff7800, sizeBytes: 40, kind: 'option' },
    { text: '@OTP Memory /0x1FFF7000/01*0001Ke', base: 0x1fff7000, sizeBytes: kib, kind: 'otp' },
    feature,
  ],
  protectionOffset: 0,
  programMsPerKib: 128 * 0.0817,
  eraseMsOf: () => 22,
  massEraseMs: 22,
  toldMassEraseMs: 22,
  startsRomWhenBlank: true,
}

/** STM32F745, 1 MB: a ROM that leaves the unit out where sectors are counted in bytes. [U]: in which strings. */
const f745: StChip = {
  ...f4,
  flashText: '@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg',
  sectors: [
    { count: 4, sizeBytes: 32 * kib },
    { count: 1, sizeBytes: 128 * kib },
    { count: 3, sizeBytes: 256 * kib },
  ],
  others: [
    { text: '@Option Bytes  /0x1FFF0000/01*032e', base: 0x1fff0000, sizeBytes: 32, kind: 'option' },
    { text: '@OTP Memory /0x1FF0F000/01*512e,01*016e', base: 0x1ff0f000, sizeBytes: 528, kind: 'otp' },
    { ...feature, text: '@Device Feature/0xFFFF0000/01*004e' },
  ],
  eraseMsOf: (sectorBytes) => (sectorBytes <= 32 * kib ? 400 : sectorBytes <= 128 * kib ? 2000 : 4000),
}

/** A chip that counts its flash in bytes and leaves the unit out. [U]: no ROM is known that does so for its flash. */
const unitless: StChip = {
  ...f0,
  flashText: '@Internal Flash  /0x08000000/256*512g',
  sectors: [{ count: 256, sizeBytes: 512 }],
  eraseMsOf: () => 10,
}

/** An F4 that is worn, whose ROM takes no account of that. */
const hastyF4: StChip = { ...f4, eraseMsOf: () => 3000, toldEraseMs: 100 }

/**
 * GigaDevice GD32VF103CB, 128 KB in pages of 1 KB, whatever its string says. Its size is in its serial number, which is
 * the same for all of its kind. [U]: maker, product and times.
 */
const gd32: StChip = {
  ...f4,
  flashText: '@Internal Flash  /0x08000000/512*002Kg',
  sectors: [{ count: 128, sizeBytes: kib }],
  others: [{ text: '@Option Bytes  /0x1FFFF800/01*016 g', base: 0x1ffff800, sizeBytes: 16, kind: 'option' }],
  protectionOffset: 0,
  release: 0x0100,
  programMsPerKib: 256 * 0.0375,
  eraseMsOf: () => 50,
  massEraseMs: 3000,
  toldMassEraseMs: 3000,
  maker: 'GDMicroelectronics',
  product: 'GD32 Device in DFU Mode',
  serialForm: '8-bit',
}

export const stChips = { f4, f0, l4, f745, unitless, 'f4-hasty': hastyF4, gd32 } as const

export type StChipName = keyof typeof stChips
