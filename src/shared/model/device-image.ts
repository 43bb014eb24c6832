// A firmware file for a DFU device that is no Particle board, as the station speaks of it: checked, and cut into the pieces
// that go to its memories.
import type { Sha256 } from './ids.ts'

/** raw: bytes and nothing else. dfu: with a DFU suffix. dfuse: ST's container. cab: one firmware of a fwupd cabinet. */
export type ImageFormat = 'raw' | 'dfu' | 'dfuse' | 'hex' | 'cab'

/** A run of bytes for one memory. */
export interface ImageElement {
  /** The alternate setting the file names; null where it names none. */
  readonly alternate: number | null
  /** null where the file has no addresses: a plain DFU download, or raw bytes. */
  readonly address: number | null
  readonly sizeBytes: number
  readonly sha256: Sha256
}

export interface DeviceImage {
  /** Of the whole file: its name in the library. */
  readonly sha256: Sha256
  readonly sizeBytes: number
  readonly format: ImageFormat
  /** Ascending by alternate setting and address; they do not overlap. */
  readonly elements: readonly ImageElement[]
  /** What the suffix says the file is for; null where it says nothing, or "any" (0xFFFF). */
  readonly vendorId: number | null
  readonly productId: number | null
  /** bcdDevice of the suffix; null as above. */
  readonly revision: number | null
  /** GUIDs of the devices a cabinet provides for; empty elsewhere. */
  readonly guids: readonly string[]
  /** Version of the release in a cabinet, as its text. */
  readonly version: string | null
  /** What an engineer must know of it: "no DFU suffix: nothing says what it is for". */
  readonly notes: readonly string[]
  /** Where it came from. Shown, never trusted. */
  readonly source: string
}
