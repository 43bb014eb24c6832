// Who a board is and what it carries, as far as it could be read; what could not be read says why. A board is one of
// Particle's, with a device ID, or any other device that speaks DFU.
import type { DfuIdentity } from './dfu-identity.ts'
import type { DeviceId, Iccid, PortPath, Sha256 } from './ids.ts'
import type { ReportedModule } from './module.ts'
import type { PlatformName } from './platform.ts'

/** A value that was read, or the reason it was not: never a guess, never an empty string. */
export type Readable<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string }

/** normal: Device OS, or another program of its own, runs. dfu: the bootloader answers. */
export type BoardMode = 'normal' | 'dfu'

/** An asset as Device OS names it: the hash and size are those of the raw asset. */
export interface BoardAsset {
  readonly name: string
  readonly sha256: Sha256
  readonly sizeBytes: number
}

/** What is stored on the board and found whole, and what its user firmware asks for. */
export interface BoardAssets {
  readonly available: readonly BoardAsset[]
  readonly required: readonly BoardAsset[]
}

/** Anybody on the bench whom a recipe can be for. */
export type BoardIdentity = ParticleIdentity | DfuIdentity

export interface ParticleIdentity {
  readonly kind: 'particle'
  readonly portPath: PortPath
  readonly mode: BoardMode
  readonly platform: PlatformName
  readonly deviceId: DeviceId
  readonly serialNumber: Readable<string>
  readonly iccid: Readable<Iccid>
  readonly imei: Readable<string>
  /** Release text as the board says it, e.g. "4.0.2". */
  readonly deviceOsVersion: Readable<string>
  readonly modules: Readable<readonly ReportedModule[]>
  /** Device OS 5.6.0 and later. */
  readonly assets: Readable<BoardAssets>
  /** Firmware of the network processor beside the chip, where the board has one (Argon, A SoM, Tracker). */
  readonly ncpVersion: Readable<string>
  /** Device OS waits for its set-up, and runs neither application nor network. */
  readonly isListening: Readable<boolean>
  /** The set-up flag, where the platform and its Device OS have one. */
  readonly setupDone: Readable<boolean>
  /**
   * True when Device OS has answered a control request, also with a refusal; false when it knows none at all (before
   * 0.8.0 on Gen 2, before 0.9.0 on nRF). Not known where it did not answer in time.
   */
  readonly answersRequests: Readable<boolean>
  /** Module version of the network processor's firmware (Argon, A SoM, Tracker). */
  readonly ncpModuleVersion: Readable<number>
  /** True when the board is in security mode: an offline station cannot serve it. */
  readonly isProtected: Readable<boolean>
}

/** The board if it is one of Particle's. */
export function particleOf(board: BoardIdentity | null): ParticleIdentity | null {
  return board?.kind === 'particle' ? board : null
}

export function known<T>(value: T): Readable<T> {
  return { known: true, value }
}

export function unreadable<T>(reason: string): Readable<T> {
  return { known: false, reason }
}

export function valueOrNull<T>(readable: Readable<T>): T | null {
  return readable.known ? readable.value : null
}
