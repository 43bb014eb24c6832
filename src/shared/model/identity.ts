// Who a board is and what it carries, as far as it could be read; what could not be read says why.
import type { DeviceId, Iccid, PortPath, Sha256 } from './ids.ts'
import type { ReportedModule } from './module.ts'
import type { PlatformName } from './platform.ts'

/** A value that was read, or the reason it was not: never a guess, never an empty string. */
export type Readable<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string }

/** normal: Device OS answers. dfu: the bootloader answers. */
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

export interface BoardIdentity {
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
  /** Module version of the network processor's firmware (Argon, A SoM, Tracker). */
  readonly ncpModuleVersion: Readable<number>
  /** True when the board is in security mode: an offline station cannot serve it. */
  readonly isProtected: Readable<boolean>
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
