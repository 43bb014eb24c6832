// What a bench can hold that is no Particle board: each kind by its short name, with what a bench file may change of it.

import type { ShownMode } from './device-inside.ts'
import { type DeviceProfile, defaultProfile, defaultStProfile } from './device-profile.ts'

export interface DeviceKind {
  readonly profile: DeviceProfile
  /** Where it stands when a bench does not say. */
  readonly start: ShownMode
}

const plainKinds = {
  dfu: { profile: defaultProfile, start: 'normal' },
} as const satisfies Readonly<Record<string, DeviceKind>>

/** Chips with the loader of ST: blank, and held in it. */
const stKinds = {
  stm32: { profile: defaultStProfile, start: 'dfu' },
  'stm32-f0': { profile: { ...defaultStProfile, chip: 'f0' }, start: 'dfu' },
  'stm32-l4': { profile: { ...defaultStProfile, chip: 'l4' }, start: 'dfu' },
  'stm32-f745': { profile: { ...defaultStProfile, chip: 'f745' }, start: 'dfu' },
} as const satisfies Readonly<Record<string, DeviceKind>>

/** By short name. */
export const deviceKinds = { ...plainKinds, ...stKinds }

export const plainKindNames = namesOf(plainKinds)
export const stKindNames = namesOf(stKinds)
export const deviceKindNames = namesOf(deviceKinds)

function namesOf<Name extends string>(kinds: Readonly<Record<Name, DeviceKind>>): [Name, ...Name[]] {
  return Object.keys(kinds) as [Name, ...Name[]]
}
