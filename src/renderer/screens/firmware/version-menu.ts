// The releases of Device OS that the composer offers, out of what the station says it holds.
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { HeldRelease, ReleaseLine } from '../../../shared/model/firmware-view.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'

/** The library with its releases: all that a recipe can be made from. */
export type Shelf = CallOutput<'listFirmware'> & { readonly releases: CallOutput<'listVersions'> }

/** Newest line first, newest release first within it. */
export function linesOf(shelf: Shelf, platform: PlatformName): readonly ReleaseLine[] {
  return shelf.releases.find((held) => held.platform === platform)?.lines ?? []
}

/** What is chosen unless a person chooses another: the recommended release of the newest line that has one. */
export function recommendedVersion(shelf: Shelf, platform: PlatformName): string | null {
  const all = releasesOf(shelf, platform)
  return (all.find((release) => release.isRecommended) ?? all[0])?.deviceOs ?? null
}

/**
 * The Device OS that the station will take for a user firmware: the one it was built for, or the next higher one, and a
 * pre-release only where there is nothing else. Null where there is none.
 */
export function neededVersion(shelf: Shelf, user: FirmwareModule): string | null {
  const needs = user.dependencies.find(({ kind }) => isSystem(kind))?.version ?? 0
  const fitting = releasesOf(shelf, user.platform)
    .filter(({ lacks }) => lacks.every(({ kind }) => kind === 'ncp'))
    .map((release) => ({ release, system: systemOf(shelf, release) }))
    .filter(({ system }) => system >= needs)
    .sort((a, b) => a.system - b.system)
  const best =
    fitting.find(({ system }) => system === needs) ?? fitting.find(({ release }) => !release.isPreRelease) ?? fitting[0]
  return best?.release.deviceOs ?? null
}

function releasesOf(shelf: Shelf, platform: PlatformName): readonly HeldRelease[] {
  return linesOf(shelf, platform).flatMap(({ releases }) => releases)
}

function systemOf(shelf: Shelf, { setId }: HeldRelease): number {
  const set = shelf.sets.find((held) => held.setId === setId)
  return set?.modules.find(({ kind }) => isSystem(kind))?.version ?? -1
}

function isSystem(kind: FirmwareModule['kind']): boolean {
  return kind === 'system' || kind === 'mono'
}
