// What differs between bootloader families, as data. Addresses a host must never write are here too, as the last
// guard in front of the board: a plan that asks for them is refused before a byte moves.
import { plainStatusFaults, type StatusFaults, statusFaults } from './dfu-faults.ts'
import { dfuStates, firstDataBlock, lastDataBlock } from './words.ts'

export type DfuFamilyName = 'stm32f2' | 'nrf52840' | 'rtl872x' | 'generic'

export interface ForbiddenRange {
  readonly alternate: number
  readonly startAddress: number
  /** Exclusive. */
  readonly endAddress: number
  readonly why: string
}

/** A sector that the bootloader erases by itself when a sector that holds another address is written. */
export interface SideErase {
  readonly alternate: number
  readonly writing: number
  readonly erases: number
}

export interface DfuFamily {
  readonly name: DfuFamilyName
  /** What one block number is worth in bytes; null: wTransferSize of the functional descriptor. */
  readonly blockBytes: number | null
  /** Deadline of a transfer that starts no flash operation. */
  readonly transferTimeoutMs: number
  /** Deadline of one erase or write, and of each GETSTATUS of it: boards hold endpoint 0 while they work. */
  readonly operationDeadlineMs: number
  /** How long a board may wait for a bus reset, as its state says, that nobody gives: it may go by itself. */
  readonly resetPatienceMs: number
  /** Pause before asking again when the board is busy and names no time. 0: at once, for it NAKs while it works. */
  readonly busyFloorMs: number
  /** False where bwPollTimeout is nonsense: it is taken for 0. */
  readonly obeysPollTimeout: boolean
  /**
   * True where bwPollTimeout must make sense: beyond the deadline it is a fault, one that was waited for in vain very
   * often is lengthened, and one that was too short makes a busy device stall, which is no failure of its work.
   */
  readonly checksPollTimeout: boolean
  /** True where a request may be sent before the one under way is answered: the board takes each in its turn. */
  readonly keepsLine: boolean
  readonly forbidden: readonly ForbiddenRange[]
  /** True where a memory of which every sector is erasable and nothing else says that the board is in security mode. */
  readonly announcesLock: boolean
  /** How many blocks count from one address. */
  readonly blocksPerAddress: number
  /**
   * True where a last block that is shorter than the others gets an address of its own, for loaders count it in two ways;
   * and where what is written in blocks is read in blocks that lie across them: a loader that counts in other blocks than
   * it says would read its gaps as it wrote them.
   */
  readonly countsDoubtfully: boolean
  /** Who says how large a block is. assumed: nobody. cut: the device has larger ones than a transfer. */
  readonly blockSize: 'told' | 'assumed' | 'cut'
  /** True where an upload must not follow a GETSTATUS: an ABORT goes between. */
  readonly abortsBeforeUpload: boolean
  /** True where a board in DFU mode may say appIDLE and mean dfuIDLE. */
  readonly mixesUpIdle: boolean
  /** bitManifestationTolerant: it can be asked, and used, after a plain download. */
  readonly toleratesManifestation: boolean
  /** Waited on top of what it asks for while it takes a plain download over. */
  readonly manifestExtraMs: number
  /** What its status codes mean. */
  readonly statusFaults: StatusFaults
  /** Which finds of a look before the erase are worth its reads: sectors that hold their bytes, sectors that are blank. */
  readonly worthFinding: readonly ('held' | 'blank')[]
  readonly sideErases: readonly SideErase[]
  /** States a board reports once it accepted the leave. */
  readonly leaveStates: readonly number[]
  /** ST bootloaders start the program at the address pointer; Particle's ignore it. */
  readonly leaveNeedsAddress: boolean
}

/** wValue has 16 bits, and the first two numbers are taken. */
const blocksPerAddress = lastDataBlock - firstDataBlock + 1

const particle = {
  blockBytes: 4096,
  transferTimeoutMs: 5000,
  busyFloorMs: 0,
  obeysPollTimeout: true,
  checksPollTimeout: false,
  keepsLine: true,
  announcesLock: true,
  blocksPerAddress,
  countsDoubtfully: false,
  blockSize: 'told',
  abortsBeforeUpload: false,
  mixesUpIdle: false,
  toleratesManifestation: false,
  manifestExtraMs: 0,
  statusFaults,
  leaveNeedsAddress: false,
  sideErases: [],
} as const
const manifesting = [dfuStates['dfuMANIFEST-SYNC'], dfuStates.dfuMANIFEST, dfuStates['dfuMANIFEST-WAIT-RESET']]

export const dfuFamilies: Readonly<Record<DfuFamilyName, DfuFamily>> = {
  // A 128 KB sector takes up to 2 s to erase, in the GETSTATUS that reports dfuDNBUSY. Leaving reports
  // dfuDNLOAD-IDLE, on purpose; the reset comes all the same. A sector costs 0.3 s to read, 1 s to erase, 0.8 s to write.
  stm32f2: {
    name: 'stm32f2',
    ...particle,
    operationDeadlineMs: 10_000,
    resetPatienceMs: 10_000,
    forbidden: [{ alternate: 0, startAddress: 0x08000000, endAddress: 0x08020000, why: 'bootloader and DCT' }],
    worthFinding: ['held', 'blank'],
    leaveStates: [dfuStates['dfuDNLOAD-IDLE'], ...manifesting],
  },
  // The memory string marks a third of the bootloader as writable; the host must know better. A page costs 9 ms to read,
  // 85 to erase, 50 to write. A user part at 0xB4000 takes the former user slot with it, so that none of two can hide it.
  nrf52840: {
    name: 'nrf52840',
    ...particle,
    operationDeadlineMs: 5000,
    resetPatienceMs: 5000,
    forbidden: [
      { alternate: 0, startAddress: 0, endAddress: 0x1000, why: 'MBR' },
      { alternate: 0, startAddress: 0x27000, endAddress: 0x28000, why: 'MBR parameters' },
      { alternate: 0, startAddress: 0xf4000, endAddress: 0x100000, why: 'bootloader' },
    ],
    worthFinding: ['held', 'blank'],
    sideErases: [{ alternate: 0, writing: 0xb4000, erases: 0xd4000 }],
    leaveStates: manifesting,
  },
  // No area is read-only here; writing below the system part would brick the board. A sector costs 9 ms to read, 50 to
  // erase, 20 to write; the bootloader finds a blank one by itself and skips the erase, faster than we could ask.
  rtl872x: {
    name: 'rtl872x',
    ...particle,
    operationDeadlineMs: 5000,
    resetPatienceMs: 5000,
    forbidden: [{ alternate: 0, startAddress: 0x08000000, endAddress: 0x08060000, why: 'boot parts and boot info' }],
    worthFinding: ['held'],
    leaveStates: manifesting,
  },
  generic: {
    name: 'generic',
    blockBytes: null,
    transferTimeoutMs: 5000,
    operationDeadlineMs: 35_000,
    resetPatienceMs: 2000,
    busyFloorMs: 5,
    obeysPollTimeout: true,
    checksPollTimeout: true,
    keepsLine: false,
    forbidden: [],
    announcesLock: false,
    blocksPerAddress,
    countsDoubtfully: true,
    blockSize: 'told',
    abortsBeforeUpload: false,
    mixesUpIdle: false,
    toleratesManifestation: false,
    manifestExtraMs: 0,
    statusFaults: plainStatusFaults,
    // What a read costs is not known, nor whether blocks may be skipped.
    worthFinding: [],
    sideErases: [],
    leaveStates: [dfuStates.dfuIDLE, ...manifesting],
    leaveNeedsAddress: true,
  },
}
