// A kind of device as its life in a port sees it: what a reset leads to, and what each of its two modes shows on the bus.
import type { DeviceFace } from '../face-reply.ts'
import type { DeviceDescriptors } from '../usb/descriptors.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'
import type { LoaderFace } from './loader-face.ts'

export type ShownMode = 'normal' | 'dfu'

/** What a device may do to itself. */
export interface InsideHost {
  /** The device's time. */
  nowMs(): number
  /** How much of the host's time passes while the device works this long, rounded up. */
  hostMs(durationMs: number): number
  /** How much of the device's time passes in this much of the host's. */
  ownMs(hostMs: number): number
  /** A reset, now. */
  restart(into: ShownMode): void
  /** Once, after a while, unless the device starts anew before; a second call replaces the first. */
  later(delayMs: number, act: () => void): void
}

export interface Shown<Face extends DeviceFace & StandardHooks> {
  readonly descriptors: DeviceDescriptors
  readonly face: Face
}

export interface DeviceInside {
  /** The power came: nothing is remembered but what is in flash. */
  powerOn(): void
  /** dark: nothing that shows itself on the bus. */
  afterReset(into: ShownMode): ShownMode | 'dark'
  program(host: InsideHost): Shown<DeviceFace & StandardHooks>
  loader(host: InsideHost): Shown<LoaderFace>
  readonly memoryCount: number
  /** All bytes of the memory behind an alternate setting, read past USB. Throws a RangeError when there is none. */
  memory(alternate: number): Uint8Array
}

/** What a device says in its serial number string; bytes: the raw descriptor. */
export type SerialNumber = string | null
