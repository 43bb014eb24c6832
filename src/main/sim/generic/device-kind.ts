// One kind of device that a bench can hold, and how kinds are made of a default profile and what differs from it.
import type { ShownMode } from './device-inside.ts'
import {
  type DeviceProfile,
  defaultProfile,
  defaultStProfile,
  type PlainProfile,
  type StProfile,
  testVendorId,
  type UsbIds,
} from './device-profile.ts'

export interface DeviceKind<Profile extends DeviceProfile = DeviceProfile> {
  readonly profile: Profile
  /** Where it stands when a bench does not say. */
  readonly start: ShownMode
  /** What every one of its kind says; absent: each has a number of its own. */
  readonly serialNumber?: string
}

type PlainChanges = Partial<Omit<PlainProfile, 'protocol' | 'attributes' | 'oddities' | 'descriptor'>> & {
  readonly [Part in 'attributes' | 'oddities' | 'descriptor']?: Partial<PlainProfile[Part]>
}

export function plainKind(productName: string, changes: PlainChanges): DeviceKind<PlainProfile> {
  const { attributes, oddities, descriptor, ...rest } = changes
  const profile: PlainProfile = {
    ...defaultProfile,
    productName,
    ...rest,
    attributes: { ...defaultProfile.attributes, ...attributes },
    oddities: { ...defaultProfile.oddities, ...oddities },
    descriptor: { ...defaultProfile.descriptor, ...descriptor },
  }
  // Whose program has no way into the loader is there already: somebody has held its button.
  return { profile, start: profile.program === 'no-dfu' ? 'dfu' : 'normal' }
}

/** A blank chip, held in its ROM. */
export function stKind(changes: Partial<StProfile>, serialNumber?: string): DeviceKind<StProfile> {
  const kind = { profile: { ...defaultStProfile, ...changes }, start: 'dfu' } as const
  return serialNumber === undefined ? kind : { ...kind, serialNumber }
}

/** "vvvv:pppp"; a number: a product id that belongs to no product. */
export function idsOf(ids: string | number): UsbIds {
  if (typeof ids === 'number') return { vendorId: testVendorId, productId: ids }
  const [vendorId = 0, productId = 0] = ids.split(':').map((hex) => Number.parseInt(hex, 16))
  return { vendorId, productId }
}

export function namesOf<Name extends string>(kinds: Readonly<Record<Name, unknown>>): [Name, ...Name[]] {
  return Object.keys(kinds) as [Name, ...Name[]]
}
