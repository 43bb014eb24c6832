// What every kind of loader is for the device around it, and several DFU interfaces as one.
import { type DeviceFace, stallReply } from '../face-reply.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'

export interface LoaderFace extends DeviceFace, StandardHooks {
  /** The power ends: what is half done stays so. */
  powerLost(): void
}

/** By interface number. Requests go to the interface that wIndex names; what befalls the device befalls each. */
export function joinInterfaces(faces: readonly LoaderFace[]): LoaderFace {
  const at = (number: number) => faces[number & 0xff]
  return {
    request: (setup, data) => at(setup.index)?.request(setup, data) ?? stallReply,
    alternate: (number) => at(number)?.alternate(number) ?? 0,
    selectAlternate: (alternate, number) => at(number)?.selectAlternate(alternate, number) ?? false,
    configured: () => {
      for (const face of faces) face.configured()
    },
    // The first one decides what the device starts with; a download that another has under way is cut off by it.
    busReset: () => {
      for (const face of faces.slice(1)) face.powerLost()
      faces[0]?.busReset()
    },
    powerLost: () => {
      for (const face of faces) face.powerLost()
    },
  }
}
