// The Device OS releases that a library holds, as a person chooses among them: by platform and release line, newest
// first, releases before pre-releases, the latest complete one of each line recommended. Pure.
import { compare, major, prerelease } from 'semver'
import type { HeldRelease, PlatformReleases, ReleaseLine } from '../../../shared/model/firmware-view.ts'
import { type PlatformName, platformNames } from '../../../shared/model/platform.ts'
import { findSetIn } from './find.ts'
import type { FoundSet, LibrarySet } from './library-model.ts'

/** Lines that Particle keeps for years and mends without changing them. */
const longTermLines = new Set([2, 4])

/** Platforms without a Device OS set are left out. */
export function releasesOf(sets: readonly LibrarySet[]): readonly PlatformReleases[] {
  return platformNames
    .map((platform) => ({ platform, lines: linesOf(sets, platform) }))
    .filter(({ lines }) => lines.length > 0)
}

/** Every release of the platform with the set a job would take for it, newest first. */
export function setsByRelease(sets: readonly LibrarySet[], platform: PlatformName): readonly FoundSet[] {
  const versions = new Set(
    sets.flatMap((set) => (set.platform === platform && set.deviceOsVersion !== null ? [set.deviceOsVersion] : [])),
  )
  return [...versions]
    .toSorted((a, b) => compare(b, a))
    .flatMap((deviceOs) => findSetIn(sets, platform, deviceOs) ?? [])
}

function linesOf(sets: readonly LibrarySet[], platform: PlatformName): readonly ReleaseLine[] {
  const held = setsByRelease(sets, platform).map(heldRelease)
  return [...Map.groupBy(held, ({ deviceOs }) => major(deviceOs))]
    .toSorted(([a], [b]) => b - a)
    .map(([line, releases]) => ({
      name: `${line}.x`,
      isLongTerm: longTermLines.has(line),
      releases: recommended(releases.toSorted((a, b) => Number(a.isPreRelease) - Number(b.isPreRelease))),
    }))
}

function heldRelease({ set, user, lacks }: FoundSet): HeldRelease {
  const deviceOs = set.deviceOsVersion ?? ''
  return {
    deviceOs,
    setId: set.id,
    isPreRelease: prerelease(deviceOs) !== null,
    isRecommended: false,
    isSynthetic: set.modules.some((module) => module.isSynthetic),
    hasUserFirmware: user !== null,
    lacks: lacks.map(({ kind, index }) => ({ kind, index })),
  }
}

function recommended(newestFirst: readonly HeldRelease[]): readonly HeldRelease[] {
  const best = newestFirst.find(({ isPreRelease, lacks }) => !isPreRelease && lacks.length === 0)
  return newestFirst.map((release) => (release === best ? { ...release, isRecommended: true } : release))
}
