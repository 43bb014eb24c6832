// What differs between bootloader families, as data. Addresses a host must never write are here too, as the last
// guard in front of the board: a plan that asks for them is refused before a byte moves.
import { dfuStates } from './words.ts'

export type DfuFamilyName = 'stm32f2' | 'nrf52840' | 'rtl872x' | 'generic'

export interface ForbiddenRange {
  readonly alternate: number
  readonly startAddress: number
  /** Exclusive. */
  readonly endAddress: number
  readonly why: string
}

export interface DfuFamily {
  readonly name: DfuFamilyName
  /** What one block number is worth in bytes; null: wTransferSize of the functional descriptor. */
  readonly blockBytes: number | null
  /** Deadline of a transfer that starts no flash operation. */
  readonly transferTimeoutMs: number
  /** Deadline of one erase or write, and of each GETSTATUS of it: boards hold endpoint 0 while they work. */
  readonly operationDeadlineMs: number
  /** Pause before asking again when the board is busy and names no time. 0: at once, for it NAKs while it works. */
  readonly busyFloorMs: number
  readonly forbidden: readonly ForbiddenRange[]
  /** States a board reports once it accepted the leave. */
  readonly leaveStates: readonly number[]
  /** ST bootloaders start the program at the address pointer; Particle's ignore it. */
  readonly leaveNeedsAddress: boolean
}

const particle = { blockBytes: 4096, transferTimeoutMs: 5000, busyFloorMs: 0, leaveNeedsAddress: false } as const
const manifesting = [dfuStates['dfuMANIFEST-SYNC'], dfuStates.dfuMANIFEST, dfuStates['dfuMANIFEST-WAIT-RESET']]

export const dfuFamilies: Readonly<Record<DfuFamilyName, DfuFamily>> = {
  // A 128 KB sector takes up to 2 s to erase, in the GETSTATUS that reports dfuDNBUSY. Leaving reports
  // dfuDNLOAD-IDLE, on purpose; the reset comes all the same.
  stm32f2: {
    name: 'stm32f2',
    ...particle,
    operationDeadlineMs: 10_000,
    forbidden: [{ alternate: 0, startAddress: 0x08000000, endAddress: 0x08020000, why: 'bootloader and DCT' }],
    leaveStates: [dfuStates['dfuDNLOAD-IDLE'], ...manifesting],
  },
  // The memory string marks a third of the bootloader as writable; the host must know better.
  nrf52840: {
    name: 'nrf52840',
    ...particle,
    operationDeadlineMs: 5000,
    forbidden: [
      { alternate: 0, startAddress: 0, endAddress: 0x1000, why: 'MBR' },
      { alternate: 0, startAddress: 0x27000, endAddress: 0x28000, why: 'MBR parameters' },
      { alternate: 0, startAddress: 0xf4000, endAddress: 0x100000, why: 'bootloader' },
    ],
    leaveStates: manifesting,
  },
  // No area is read-only here; writing below the system part would brick the board.
  rtl872x: {
    name: 'rtl872x',
    ...particle,
    operationDeadlineMs: 5000,
    forbidden: [{ alternate: 0, startAddress: 0x08000000, endAddress: 0x08060000, why: 'boot parts and boot info' }],
    leaveStates: manifesting,
  },
  generic: {
    name: 'generic',
    blockBytes: null,
    transferTimeoutMs: 5000,
    operationDeadlineMs: 35_000,
    busyFloorMs: 5,
    forbidden: [],
    leaveStates: [dfuStates.dfuIDLE, ...manifesting],
    leaveNeedsAddress: true,
  },
}
