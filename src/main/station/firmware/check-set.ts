// Checks modules together: one platform, names that agree with headers, no two for one place, one release, met
// dependencies. The result says which modules a job takes with the set and which are only kept to be chosen by hand.
import { type ModuleDependency, moduleName, sameModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { FileTree } from './file-tree.ts'
import type { LibraryModule } from './library-model.ts'
import type { BoardModule } from './module-facts.ts'
import { nameContradiction } from './module-names.ts'
import type { Refuse } from './refusal.ts'
import { isTolerated } from './soft-device.ts'

export interface SetPart {
  /** Path inside the tree. */
  readonly path: string
  readonly module: LibraryModule
  /** False for what came out of a packed file: the name of that file says nothing about it. */
  readonly isFile: boolean
}

export interface CheckedModules {
  readonly platform: PlatformName | null
  readonly modules: readonly BoardModule[]
  readonly others: readonly LibraryModule[]
}

export function checkSet(parts: readonly SetPart[], kind: FileTree['kind'], refuse: Refuse): CheckedModules {
  for (const { path, module, isFile } of parts) {
    if (!isFile) continue
    const contradiction = nameContradiction(path, module)
    if (contradiction !== null) refuse('NAME_MISMATCH', contradiction)
  }
  const distinct = kind === 'folder' ? withoutCopies(parts) : parts
  const platform = commonPlatform(distinct, refuse)
  const boardParts = distinct.filter(isBoardPart)
  if (kind !== 'folder') refuseDuplicates(boardParts.filter(isPlain), refuse)
  const own = ownParts(boardParts)
  refuseDuplicates(own, refuse)
  const modules = own.map((part) => part.module)
  refuseMixedReleases(modules, refuse)
  refuseUnmet(boardParts, modules, refuse)
  const ownHashes = new Set(modules.map((module) => module.sha256))
  const others = distinct.map((part) => part.module).filter((module) => !ownHashes.has(module.sha256))
  return { platform, modules, others }
}

type BoardPart = SetPart & { readonly module: BoardModule }

function isBoardPart(part: SetPart): part is BoardPart {
  return part.module.platform !== 'any'
}

/** A packed file stands beside what it unpacks to, for the same place. */
function isPlain({ module }: BoardPart): boolean {
  return !module.isCompressed && !module.isCombined
}

function withoutCopies(parts: readonly SetPart[]): readonly SetPart[] {
  return [...new Map(parts.map((part) => [part.module.sha256, part])).values()]
}

function commonPlatform(parts: readonly SetPart[], refuse: Refuse): PlatformName | null {
  const modules = parts.filter(isBoardPart).map((part) => part.module)
  const anchor = modules.find((module) => module.kind !== 'radio') ?? modules[0]
  if (anchor === undefined) return null
  for (const module of modules) {
    if (module.platform === anchor.platform || isTolerated(module, anchor.platform)) continue
    const title = platformOf(module.platform).title
    refuse(
      'WRONG_PLATFORM',
      `${moduleName(module)} is for the ${title}, others for the ${platformOf(anchor.platform).title}`,
    )
  }
  return anchor.platform
}

/** What a job may take without being asked: plain modules that do not lock a board, and the user part if it is alone. */
function ownParts(parts: readonly BoardPart[]): readonly BoardPart[] {
  const plain = parts.filter((part) => isPlain(part) && !part.module.locksBoard)
  const users = plain.filter(({ module }) => module.kind === 'user')
  return users.length > 1 ? plain.filter(({ module }) => module.kind !== 'user') : plain
}

function refuseDuplicates(parts: readonly BoardPart[], refuse: Refuse): void {
  parts.forEach((part, at) => {
    const twin = parts.slice(0, at).find((earlier) => sameModule(earlier.module, part.module))
    if (twin !== undefined) {
      refuse('DUPLICATE_MODULE', `${twin.path} and ${part.path} are both ${moduleName(part.module)}`)
    }
  })
}

/** All system parts of one release carry one version. */
function refuseMixedReleases(modules: readonly BoardModule[], refuse: Refuse): void {
  const [first, ...rest] = modules.filter((module) => module.kind === 'system')
  const odd = rest.find((module) => module.version !== first?.version)
  if (first === undefined || odd === undefined) return
  const told = [first, odd].map((module) => `${moduleName(module)} version ${module.version}`).join(' and ')
  refuse('MIXED_VERSIONS', `${told} are of different releases`)
}

/** A dependency that is in the set must be new enough; one that is not in it is only reported as lacking. */
function refuseUnmet(parts: readonly BoardPart[], own: readonly BoardModule[], refuse: Refuse): void {
  for (const { module } of parts) {
    for (const wanted of module.dependencies) {
      const found = own.find((candidate) => sameModule(candidate, wanted))
      if (found !== undefined && found.version < wanted.version) refuseDependency(module, { wanted, found }, refuse)
    }
  }
}

function refuseDependency(
  module: BoardModule,
  pair: { readonly wanted: ModuleDependency; readonly found: BoardModule },
  refuse: Refuse,
): never {
  const wants = `${moduleName(module)} wants ${moduleName(pair.wanted)} version ${pair.wanted.version} or later`
  return refuse('DEPENDENCY', `${wants}, the set has ${pair.found.version}`)
}
