// How long things take on a real board, in milliseconds at real speed: data-sheet flash times by memory, the wire, and
// the pauses between modes. Figures marked "model" are assumptions, to be replaced when hardware was measured.
import { assertNever } from '../../shared/fault/fault.ts'

/** nrf-internal: nRF52840. nor: serial NOR (MX25 class). stm32: STM32F2, by sector size. dct: device configuration. */
export type MemoryKind = 'stm32' | 'nrf-internal' | 'nor' | 'nor-blank-skip' | 'dct'

const kib = 1024

/** Erasing one sector. Boards that skip blank sectors only read them (nor-blank-skip). */
export function eraseTimeMs(kind: MemoryKind, sectorSizeBytes: number, isBlank: boolean): number {
  switch (kind) {
    case 'stm32':
      return sectorSizeBytes <= 16 * kib ? 250 : sectorSizeBytes <= 64 * kib ? 550 : 1000
    case 'nrf-internal':
      return 85 * (sectorSizeBytes / (4 * kib))
    case 'nor':
      return 50 * (sectorSizeBytes / (4 * kib))
    case 'nor-blank-skip':
      return (isBlank ? 1.5 : 50) * (sectorSizeBytes / (4 * kib))
    case 'dct':
      return 0
    default:
      return assertNever(kind)
  }
}

/** Programming: 16 us a word on STM32F2, 41 us a word on nRF52840, 11 ms per 4 KB on NOR; the DCT is a model. */
export function programTimeMs(kind: MemoryKind, sizeBytes: number): number {
  switch (kind) {
    case 'stm32':
      return Math.ceil(sizeBytes / 4) * 0.016
    case 'nrf-internal':
      return Math.ceil(sizeBytes / 4) * 0.041
    case 'nor':
    case 'nor-blank-skip':
      return (sizeBytes / (4 * kib)) * 11
    case 'dct':
      return 20
    default:
      return assertNever(kind)
  }
}

/** Model of one control transfer on full speed: set-up and status stage, and the data stage at 8 ms per 4 KB. */
const wire = { transferMs: 0.75, dataMsPerByte: 8 / 4096 } as const

export function wireTimeMs(dataBytes: number): number {
  return wire.transferMs + dataBytes * wire.dataMsPerByte
}

export const pauses = {
  /** Leave of DFU until the reset: a counter of 500 in the bootloader. */
  leaveToResetMs: 500,
  /** Power-on until the bus sees a device, before any boot. Model. */
  powerOnMs: 120,
  /** A bus reset ordered by the host. Model. */
  busResetMs: 50,
  /** Time a board shows itself before it resets once more because of a pending update. Model. */
  shortVisitMs: 300,
  /** USB detach and attach without a reset (DFU_DETACH on nRF and RTL). Model. */
  reattachMs: 200,
  /** Requests 40, 50 and 60: from the answer, fetched by the host, to the reset. */
  requestToResetMs: 1000,
  /** The modem is switched on for the first ICCID request after a start; 1 to 30 s on a board. Model. */
  modemOnMs: 5000,
} as const

/** Reset to enumeration by mode; a bootloader that was asked for has its own time in layouts.ts. Model. */
export const bootMs = { dfu: 700, normal: 1500, safe: 2500 } as const

/**
 * Putting a module in its place: a bootloader, any other by pages of 4 KB, firmware of the network processor over its
 * serial line (20 to 60 s for the 830 KB of an Argon), an asset by blocks of serial flash. Model.
 */
export const applyMs = { bootloader: 2000, perPage: 130, ncpPerKilobyte: 36, perAssetBlock: 61 } as const
