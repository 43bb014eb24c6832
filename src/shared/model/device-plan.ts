// The plan of a job on a DFU device that is no Particle board: data, computed before anything moves.
import type { Sha256 } from './ids.ts'

/** One piece of an image and where it goes. */
export interface DevicePiece {
  /** From 1, in the order of the image. */
  readonly position: number
  readonly alternate: number
  /** Name of that memory, for people: "Internal Flash", "alt 0". */
  readonly memory: string
  /** null: plain DFU, from block 0. */
  readonly address: number | null
  readonly sizeBytes: number
  readonly sha256: Sha256
}

export type DeviceStep =
  /** DFU_DETACH out of the running program, and wait for the loader on the same port. */
  | { readonly kind: 'enter-dfu' }
  /** Remove the read protection, which erases everything and resets the device. */
  | { readonly kind: 'unprotect'; readonly alternate: number }
  | { readonly kind: 'mass-erase'; readonly alternate: number }
  /** Download, and for plain DFU its manifestation, too. */
  | { readonly kind: 'write'; readonly piece: DevicePiece }
  /** Upload and compare; a difference is a fault. */
  | { readonly kind: 'verify'; readonly piece: DevicePiece }
  /** Upload and note how it compares; a difference stops nothing. */
  | { readonly kind: 'examine'; readonly piece: DevicePiece }
  | { readonly kind: 'leave-dfu' }
  /** Ask again who it is, and judge what it says of its version. */
  | { readonly kind: 'prove' }
  /** Name all that differs from the recipe; nothing was written. */
  | { readonly kind: 'judge' }
  | { readonly kind: 'identify' }

export interface DevicePlan {
  readonly steps: readonly DeviceStep[]
  readonly pieces: readonly DevicePiece[]
  /** bcdDevice that the program must report in the end; null where it is only recorded. */
  readonly revision: number | null
  /** What else is to be known, in sentences: what is left alone, what cannot be proven, and why. */
  readonly notes: readonly string[]
}
