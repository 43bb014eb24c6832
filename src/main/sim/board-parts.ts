// The parts of a simulated board and the words between them: chips that hold bytes, a boot that judges them, and the
// two faces a board shows on USB (Device OS, bootloader). Independent of the engine that is tested with it.
import type { simPlatforms } from './sim-platforms.ts'

/** Every platform that has a row in sim-platforms.ts. */
export type SimPlatform = keyof typeof simPlatforms

/** NOR flash: erase sets a whole sector to 0xFF, program can only clear bits. No time passes here. */
export interface FlashChip {
  /** First address as the DFU memory string counts it. */
  readonly base: number
  readonly sizeBytes: number
  read(address: number, sizeBytes: number): Uint8Array
  /** The sector that holds the address. */
  sectorAt(address: number): { readonly address: number; readonly sizeBytes: number }
  eraseSector(address: number): void
  program(address: number, data: Uint8Array): void
}

export interface BoardChips {
  readonly internal: FlashChip
  /** QSPI flash of nRF boards at 0x80000000, serial flash of the P1 at 0, else null. */
  readonly external: FlashChip | null
  /** The 16 KB of device configuration, by byte offset; written without erase. */
  readonly dct: Uint8Array
  /** The network processor of its own flash, which only Device OS reaches; absent or null on boards without one. */
  readonly ncp?: NcpMemory | null
}

export interface NcpMemory {
  /** Module version of the firmware it runs. */
  version: number
  /** The firmware as it was written by an update; null while it is that of the factory. */
  firmware: Uint8Array | null
}

export interface BoardFacts {
  readonly platform: SimPlatform
  /** 24 lower-case hex digits. */
  readonly deviceId: string
  readonly serialNumber: string
  readonly iccid: string | null
  readonly imei: string | null
}

/** Where a reset leads. safe: Device OS without the user firmware, answers control requests like normal mode. */
export type BootMode = 'normal' | 'safe' | 'dfu'

export interface BootResult {
  readonly mode: BootMode
  /** True when the boot applied a pending update and the board must reset once more before it stays. */
  readonly resetsAgain: boolean
  /** Time from reset to enumeration, at real speed. */
  readonly durationMs: number
  /** True when the bootloader itself is destroyed: nothing enumerates any more, not even DFU mode. */
  readonly isBricked?: boolean
}

/** Asked for before the reset: safe mode by request 60 or by the DFU command 0xFA. */
export interface BootWish {
  readonly safeMode?: boolean
}

/** What the control endpoint of Device OS needs from the board around it. */
export interface NormalModeHost {
  readonly facts: BoardFacts
  readonly chips: BoardChips
  readonly mode: 'normal' | 'safe'
  /** The board's own time in real-speed milliseconds; a request is PENDING until its time has come. */
  boardTimeMs(): number
  /** Flash time at real speed of erasing or programming a range of a chip. */
  eraseTimeMs(chip: FlashChip, address: number, sizeBytes: number): number
  programTimeMs(chip: FlashChip, sizeBytes: number): number
  /** For the account: a request other than flash work was answered after this board time of its handler. */
  handled?(durationMs: number): void
  /** For the account: the host asked for an answer that was not ready, and got this many bytes. */
  askedEarly?(replyBytes: number): void
  /** Security mode of the board; open where it is not told. Decides which requests are answered at all. */
  readonly protection?: 'open' | 'protected' | 'service'
  /** Service mode ends, protection is back; nothing on other boards. */
  clearOverride?(): void
  /**
   * Resets the board after a delay at real speed; into dfu, or safe mode (a BootWish), when asked for. `finish` runs
   * just before the reset: the end of work that a lost power or another reset leaves undone.
   */
  resetAfter(delayMs: number, into: 'boot' | 'dfu' | 'safe', finish?: () => void): void
}

/** Answer of a control transfer on endpoint 0; no-status: executed, but the status stage never comes. */
export type ControlAnswer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'ack' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'no-status' }

export interface SimSetup {
  readonly requestType: number
  readonly request: number
  readonly value: number
  readonly index: number
  readonly lengthBytes: number
}

/** One face of the board on endpoint 0. Standard requests (descriptors, SET_INTERFACE) are answered around it. */
export interface ControlFace {
  control(setup: SimSetup, data: Uint8Array): ControlAnswer
  /** A USB bus reset: active requests are dropped. */
  busReset(): void
}
