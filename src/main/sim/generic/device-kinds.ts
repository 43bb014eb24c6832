// What a bench can hold that is no Particle board, by short name. Those that need a quirk have the ids of the products
// that need it; all others have ids that belong to no product.
import { type DeviceKind, namesOf, stKind } from './device-kind.ts'
import { mouseProfile } from './device-profile.ts'
import { plainKinds } from './plain-kinds.ts'
import { plainQuirkKinds, stQuirkKinds } from './quirk-kinds.ts'

const allPlain = { ...plainKinds, ...plainQuirkKinds }
const allSt = {
  stm32: stKind({}),
  'stm32-f0': stKind({ chip: 'f0' }),
  'stm32-l4': stKind({ chip: 'l4' }),
  'stm32-f745': stKind({ chip: 'f745' }),
  'stm32-protected': stKind({ program: 'no-dfu', isReadProtected: true }),
  'stm32-deaf': stKind({ writes: 'deaf' }),
  'stm32-flipper': stKind({ writes: 'flips' }),
  ...stQuirkKinds,
}
const others = { mouse: { profile: mouseProfile, start: 'normal' } } as const

export const plainKindNames = namesOf(allPlain)
export const stKindNames = namesOf(allSt)
export const otherKindNames = namesOf(others)

export type DeviceKindName = keyof typeof allPlain | keyof typeof allSt | keyof typeof others

export const deviceKinds: Readonly<Record<DeviceKindName, DeviceKind>> = { ...allPlain, ...allSt, ...others }
export const deviceKindNames = namesOf(deviceKinds)
