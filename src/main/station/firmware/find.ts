// Answers about the sets of a library, from the sets alone: which set is Device OS 4.0.2 for a Boron, which user part
// is meant, what is there in all. Pure.
import { moduleName } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformNames } from '../../../shared/model/platform.ts'
import { baseOf } from './file-tree.ts'
import type { FoundSet, LibraryModule, LibrarySet, WantedUser } from './library-model.ts'
import type { BoardModule } from './module-facts.ts'

/** Real before synthetic, complete before incomplete, fewer gaps before more, with a user part before without, the latest import first. */
export function findSetIn(sets: readonly LibrarySet[], platform: PlatformName, deviceOs: string): FoundSet | null {
  const [set] = sets
    .filter((candidate) => candidate.platform === platform && candidate.deviceOsVersion === deviceOs)
    .toSorted(
      (a, b) =>
        Number(isSynthetic(a)) - Number(isSynthetic(b)) ||
        a.lacks.length - b.lacks.length ||
        userCount(b) - userCount(a) ||
        b.importedAt - a.importedAt,
    )
  if (set === undefined) return null
  return {
    set,
    modules: set.modules.filter((module) => module.kind !== 'user'),
    user: set.modules.find((module) => module.kind === 'user') ?? null,
    lacks: set.lacks,
  }
}

function isSynthetic({ modules }: LibrarySet): boolean {
  return modules.some((module) => module.isSynthetic)
}

function userCount(set: LibrarySet): number {
  return set.modules.filter((module) => module.kind === 'user').length
}

/** What a packed file stands for is what a job takes, whichever of the two is named. */
export function findUserIn(
  sets: readonly LibrarySet[],
  platform: PlatformName,
  wanted: WantedUser,
): BoardModule | null {
  const isWanted = (module: BoardModule): boolean =>
    'sha256' in wanted ? module.sha256 === wanted.sha256 : fileNameOf(module) === wanted.fileName
  for (const set of sets.toSorted((a, b) => b.importedAt - a.importedAt)) {
    const users = usersOf(set).filter((module) => module.platform === platform)
    const named = users.find(isWanted)
    const found = named && isPacked(named) ? users.find((module) => !isPacked(module)) : named
    if (found) return found
  }
  return null
}

/** The user parts of a set, plain and packed. */
function usersOf(set: LibrarySet): readonly BoardModule[] {
  return [...set.modules, ...set.others].filter(
    (module): module is BoardModule => module.platform !== 'any' && module.kind === 'user',
  )
}

function isPacked({ isCompressed, isCombined }: BoardModule): boolean {
  return isCompressed || isCombined
}

/** "system-part1.bin" of "boron.zip: system-part1.bin" and of "4.0.2/system-part1.bin". */
function fileNameOf(module: BoardModule): string {
  return baseOf(module.source.slice(module.source.lastIndexOf(': ') + 1).trim())
}

/** Every file once for each Device OS version it belongs to; once without a version only if it belongs to none. */
export function listModules(sets: readonly LibrarySet[]): readonly LibraryModule[] {
  const all = sets.flatMap((set) => [...set.modules, ...set.others])
  const versioned = new Set(all.filter((module) => module.deviceOsVersion !== null).map((module) => module.sha256))
  const listed = new Map<string, LibraryModule>()
  for (const module of all) {
    if (module.deviceOsVersion === null && versioned.has(module.sha256)) continue
    listed.set(`${module.sha256} ${module.deviceOsVersion}`, module)
  }
  return [...listed.values()].toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      compareVersions(a.deviceOsVersion, b.deviceOsVersion) ||
      moduleName(a).localeCompare(moduleName(b)) ||
      a.version - b.version ||
      a.source.localeCompare(b.source),
  )
}

function rank(module: LibraryModule): number {
  return module.platform === 'any' ? platformNames.length : platformNames.indexOf(module.platform)
}

function compareVersions(a: string | null, b: string | null): number {
  return (a ?? '').localeCompare(b ?? '', 'en', { numeric: true })
}
