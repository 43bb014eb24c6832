// Which Device OS a user firmware gets when its recipe leaves that to it: the one it was built for, or the next higher
// one the library has whole, with the reason.
import { prerelease } from 'semver'
import { Fault } from '../../shared/fault/fault.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import type { FoundSet } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'
import { deviceOsOfSystem } from '../station/platforms/device-os-versions.ts'

export interface ChosenDeviceOs {
  readonly deviceOs: string
  /** Null when it is the very release that the user firmware was built for. */
  readonly note: string | null
}

/**
 * `held`: a set for each release of the platform. Throws FIRMWARE_MISSING when none will do, RECIPE_INVALID for user
 * firmware that names no Device OS.
 */
export function chooseDeviceOs(user: BoardModule, held: readonly FoundSet[]): ChosenDeviceOs {
  const wanted = user.dependencies.find(({ kind }) => kind === 'system')
  if (!wanted) {
    throw new Fault(
      'RECIPE_INVALID',
      `${user.source} says for no Device OS that it was built: name a version in the recipe`,
    )
  }
  const needs = wanted.version
  const fitting = held
    .map((found) => ({ deviceOs: found.set.deviceOsVersion ?? '', system: systemOf(found), lacks: found.lacks }))
    .filter(({ system, lacks }) => system >= needs && lacks.every(({ kind }) => kind === 'ncp'))
    .toSorted((a, b) => a.system - b.system)
  // A pre-release only where the firmware was built for it, or where there is nothing else.
  const [best] = [
    ...fitting.filter(({ system }) => system === needs),
    ...fitting.filter(({ deviceOs }) => prerelease(deviceOs) === null),
    ...fitting,
  ]
  const target = targetName(user.platform, needs)
  if (!best)
    throw new Fault('FIRMWARE_MISSING', `${user.source} is built for ${target}; no whole set of it or later is here`)
  const isExact = best.system === needs
  const isHeld = held.some((found) => systemOf(found) === needs)
  const why = isHeld ? 'whose set is not whole here' : 'which is not here'
  const note = `the user firmware is built for ${target}, ${why}; ${best.deviceOs} is the next higher one`
  return { deviceOs: best.deviceOs, note: isExact ? null : note }
}

/** All system parts of a set have one version. */
function systemOf({ modules }: FoundSet): number {
  return modules.find(({ kind }) => kind === 'system')?.version ?? -1
}

function targetName(platform: PlatformName, systemVersion: number): string {
  const release = deviceOsOfSystem(systemVersion)
  return `Device OS ${release ?? `with system version ${systemVersion}`} (${platform})`
}
