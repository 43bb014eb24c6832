// The versions of Device OS that a library holds for a platform, by release line, newest first; the latest complete one
// of each line is recommended.
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'

type Library = CallOutput<'listFirmware'>

export interface VersionChoice {
  readonly version: string
  readonly isComplete: boolean
  readonly isRecommended: boolean
}

export interface ReleaseLine {
  /** "4.x" */
  readonly line: string
  readonly versions: readonly VersionChoice[]
}

/** Newest line first, newest version first within it. */
export function versionMenu(library: Library, platform: PlatformName): readonly ReleaseLine[] {
  const complete = new Map<string, boolean>()
  for (const { deviceOsVersion, missing, platform: of } of library.sets) {
    if (of !== platform || deviceOsVersion === null) continue
    complete.set(deviceOsVersion, complete.get(deviceOsVersion) === true || missing.length === 0)
  }
  const newestFirst = [...complete.keys()].sort((a, b) => compareReleases(b, a))
  return [...Map.groupBy(newestFirst, (version) => `${version.split('.')[0]}.x`)].map(([line, versions]) => {
    const whole = versions.filter((version) => complete.get(version))
    const recommended = whole.find((version) => !version.includes('-')) ?? whole[0]
    return {
      line,
      versions: versions.map((version) => ({
        version,
        isComplete: complete.get(version) === true,
        isRecommended: version === recommended,
      })),
    }
  })
}

/** The recommended version of the newest line; null where the library holds none. */
export function recommendedVersion(library: Library, platform: PlatformName): string | null {
  const all = versionMenu(library, platform).flatMap(({ versions }) => versions)
  return (all.find((choice) => choice.isRecommended) ?? all[0])?.version ?? null
}

/**
 * The Device OS that a user firmware needs: the oldest one of the library whose system module is not older than the
 * firmware asks for; null where there is none.
 */
export function neededVersion(library: Library, user: FirmwareModule): string | null {
  const least = Math.max(0, ...user.dependencies.filter(({ kind }) => isSystem(kind)).map(({ version }) => version))
  const fitting = library.sets.filter(
    (set) =>
      set.platform === user.platform &&
      set.missing.length === 0 &&
      set.modules.some((module) => isSystem(module.kind) && module.version >= least),
  )
  const versions = fitting.map((set) => set.deviceOsVersion).filter((version) => version !== null)
  return versions.sort(compareReleases)[0] ?? null
}

function isSystem(kind: FirmwareModule['kind']): boolean {
  return kind === 'system' || kind === 'mono'
}

/** By the rules of releases: 4.0.0-rc.1 comes before 4.0.0. */
export function compareReleases(a: string, b: string): number {
  const [coreA = '', preA] = split(a)
  const [coreB = '', preB] = split(b)
  const byCore = coreA.localeCompare(coreB, 'en', { numeric: true })
  if (byCore !== 0 || preA === preB) return byCore
  if (preA === undefined) return 1
  return preB === undefined ? -1 : preA.localeCompare(preB, 'en', { numeric: true })
}

function split(version: string): readonly (string | undefined)[] {
  const at = version.indexOf('-')
  return at < 0 ? [version] : [version.slice(0, at), version.slice(at + 1)]
}
