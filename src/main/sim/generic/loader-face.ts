// What every kind of loader is for the device around it.
import type { DeviceFace } from '../face-reply.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'

export interface LoaderFace extends DeviceFace, StandardHooks {
  /** The power ends: what is half done stays so. */
  powerLost(): void
}
