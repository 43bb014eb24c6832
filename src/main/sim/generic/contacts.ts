// How often a host had to do with a device: a bystander on a bench must not be touched, and this is how that shows.
import type { DeviceFace } from '../face-reply.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'
import type { Visit } from '../visit.ts'

/** Reading descriptors, as every system does with every device, is none. */
export interface Contacts {
  /** Through the USB seam of the station; a kernel's opens reach no device. */
  opens: number
  /** Alternate settings chosen. */
  selections: number
  /** Class and vendor requests. */
  requests: number
  resets: number
}

export function noContacts(): Contacts {
  return { opens: 0, selections: 0, requests: 0, resets: 0 }
}

export function countedFace(face: DeviceFace & StandardHooks, contacts: Contacts): DeviceFace & StandardHooks {
  return {
    ...face,
    request: (setup, data) => {
      contacts.requests += 1
      return face.request(setup, data)
    },
    selectAlternate: (alternate, interfaceNumber) => {
      contacts.selections += 1
      return face.selectAlternate(alternate, interfaceNumber)
    },
    busReset: () => {
      contacts.resets += 1
      face.busReset()
    },
  }
}

export function countedVisit(visit: Visit, contacts: Contacts): Visit {
  return {
    ...visit,
    refusal: () => {
      contacts.opens += 1
      return visit.refusal()
    },
  }
}
