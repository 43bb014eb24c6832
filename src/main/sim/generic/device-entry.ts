// A line of a bench file for a device that is no Particle board: its kind, where it stands, what it says of itself, and
// what of its kind's profile is another.
import { z } from 'zod'
import { assertNever } from '../../../shared/fault/fault.ts'
import type { DeviceKind } from './device-kind.ts'
import { deviceKinds, otherKindNames, plainKindNames, stKindNames } from './device-kinds.ts'
import type { DeviceProfile } from './device-profile.ts'
import { type DfuDeviceSpec, dfuDeviceSerial } from './dfu-device.ts'
import { plainProfileOf, plainSchema, stProfileOf, stSchema } from './profile-entry.ts'

const mostDevices = 127
/** What all devices say that were made without a number of their own. */
const sameSerial = '000000000001'

const common = {
  count: z.int().min(1).max(mostDevices).optional(),
  start: z.enum(['normal', 'dfu']).optional(),
  /** Only with count 1. */
  portPath: z.string().optional(),
  /** "same": one for all that say so. "none": it has no number. Else the number itself; absent: one of its own. */
  serial: z.string().min(1).max(64).optional(),
}

export const deviceEntrySchema = z.discriminatedUnion('platform', [
  z.strictObject({ ...common, platform: z.enum(plainKindNames), device: plainSchema.optional() }),
  z.strictObject({ ...common, platform: z.enum(stKindNames), device: stSchema.optional() }),
  z.strictObject({ ...common, platform: z.enum(otherKindNames), device: z.undefined().optional() }),
])

export type DeviceEntry = z.infer<typeof deviceEntrySchema>

/** The spec of one device; `index` makes its serial number, so it must be another for each of a bench. */
export function deviceSpecOf(entry: DeviceEntry, index: number): DfuDeviceSpec {
  const kind: DeviceKind = deviceKinds[entry.platform]
  return {
    kind: entry.platform,
    serialNumber: serialOf(entry.serial ?? kind.serialNumber, index),
    hasOwnSerial: (entry.serial ?? kind.serialNumber) === undefined,
    start: entry.start ?? kind.start,
    profile: profileOf(kind.profile, entry),
  }
}

/** The next one of a line of products; `isBad`: one that says OK and stores nothing. */
export function nextOf(spec: DfuDeviceSpec, index: number, isBad: boolean): DfuDeviceSpec {
  const serialNumber = spec.hasOwnSerial ? dfuDeviceSerial(index) : spec.serialNumber
  return { ...spec, serialNumber, profile: isBad ? deafProfile(spec.profile) : spec.profile }
}

function deafProfile(profile: DeviceProfile): DeviceProfile {
  switch (profile.protocol) {
    case 'dfu':
      return { ...profile, oddities: { ...profile.oddities, writes: 'deaf' } }
    case 'dfuse':
      return { ...profile, writes: 'deaf' }
    case 'none':
      return profile
    default:
      return assertNever(profile)
  }
}

/** The schema has seen to it that a kind's changes are of its own sort. */
function profileOf(base: DeviceProfile, { device }: DeviceEntry): DeviceProfile {
  if (!device || base.protocol === 'none') return base
  return base.protocol === 'dfu'
    ? plainProfileOf(base, plainSchema.parse(device))
    : stProfileOf(base, stSchema.parse(device))
}

function serialOf(wanted: string | undefined, index: number): string | null {
  if (wanted === 'none') return null
  if (wanted === 'same') return sameSerial
  return wanted ?? dfuDeviceSerial(index)
}
