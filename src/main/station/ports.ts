// What the station core asks of the world. Each port has a real and a test form; the core imports neither.

import type { RecordId, Sha256 } from '../../shared/model/ids.ts'
import type { FirmwareModule, TargetAsset } from '../../shared/model/module.ts'
import type { RecordClosing, RecordOpening } from '../../shared/model/record.ts'

export interface Clock {
  /** Milliseconds UTC, for records. */
  now(): number
  /** Milliseconds of a clock that never jumps, for durations and deadlines. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Records on their way to the ledger. A rejected promise means: not written; the caller must not go on. */
export interface RecordSink {
  /** Resolves once the opening is committed to disk. */
  open(opening: RecordOpening): Promise<RecordId>
  close(closing: RecordClosing): Promise<void>
}

/** Files of the library, by their SHA-256; every read is checked against it (FIRMWARE_CORRUPT). */
export interface FirmwareShelf {
  bytesOf(module: FirmwareModule): Promise<Uint8Array>
  /**
   * The asset wrapped into an asset module, packed where that is smaller; the environment variables of an application
   * are never packed. FIRMWARE_MISSING when the library does not hold it, FIRMWARE_CORRUPT when it is damaged.
   */
  assetModuleOf(asset: TargetAsset): Promise<Uint8Array>
  /** An image file for a DFU device, whole, as it was imported; FIRMWARE_MISSING when the library does not hold it. */
  imageOf(sha256: Sha256): Promise<Uint8Array>
}

export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
  child(name: string): Log
}
