// Validates what lies in the OTA area before it may go to its place, in the order of Device OS and with the codes of
// its update service (system_error.h). Some of what one would expect to be checked is not: the length of the file, the
// dependency of a user part, anything at all in an asset module. One or two modules are taken, never more.
import type { BoardChips, BoardFacts } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { since } from './device-os-eras.ts'
import { type Installed, readInstalled, systemVersionOf } from './installed-modules.ts'
import { areMet } from './judge-modules.ts'
import { type MemoryMap, type ModulePlace, memoryMapOf, moduleFunctions, softDevicePlace } from './memory-map.ts'
import { hasSecurityMode } from './module-extensions.ts'
import { listsNcp } from './ncp.ts'
import type { OtaArea } from './ota-area.ts'
import { type FlashedModule, flags, readModule } from './read-module.ts'

export const updateErrors = {
  moduleNotFound: -1300,
  unsupportedModule: -1310,
  integrity: -1330,
  dependencies: -1340,
  invalidSize: -1351,
  wrongPlatform: -1360,
  invalidFormat: -1370,
  protected: -1801,
} as const

export interface UpdateBoard {
  readonly facts: BoardFacts
  readonly chips: BoardChips
  /** As Device OS knows it; absent is open. */
  readonly protection?: 'open' | 'protected' | 'service' | undefined
}

export interface StagedModule extends FlashedModule {
  readonly area: OtaArea
  /** Where it lies, not where it belongs. */
  readonly stagedAt: number
}

export type UpdateVerdict = { readonly modules: readonly StagedModule[] } | { readonly error: number }

const mostModules = 2
/** In service mode no system part that knows no security mode may come in. */
const leastServiceSystem = 6000

/** Judges what lies at the start of the area. */
export function validateUpdate(board: UpdateBoard, area: OtaArea): UpdateVerdict {
  const rules = rulesOf(board)
  const staged = stagedModules(rules, area)
  if (!staged) return { error: updateErrors.moduleNotFound }
  const modules = staged.slice(0, mostModules)
  const installed = readInstalled(board.facts.platform, board.chips)
  for (const module of modules) {
    const error = moduleError(rules, installed, module)
    if (error !== 0) return { error }
  }
  return { modules }
}

interface Rules {
  readonly map: MemoryMap
  readonly takesAssets: boolean
  readonly takesPacked: boolean
  readonly takesNcp: boolean
  readonly isInService: boolean
}

function rulesOf({ facts: { platform }, chips, protection }: UpdateBoard): Rules {
  const version = systemVersionOf(platform, chips) ?? 0
  const isGen2 = simPlatformOf(platform).family === 'gen2'
  return {
    map: memoryMapOf(platform),
    takesAssets: !isGen2 && version >= since.assets,
    takesPacked: !isGen2 && version >= since.packedModules,
    takesNcp: listsNcp(platform, version),
    isInService: protection === 'service',
  }
}

/** The module at the start and those combined with it; null when one has no header or no place here. */
function stagedModules(rules: Rules, area: OtaArea): readonly StagedModule[] | null {
  const found: StagedModule[] = []
  for (let at = area.address; ; ) {
    const room = area.address + area.sizeBytes - at
    const read = readModule(area.chip, at, { ...rules.map, maxSizeBytes: room })
    if (!read || !hasPlace(rules, read)) return null
    found.push({ ...read, area, stagedAt: at })
    if (!rules.takesPacked || (read.flags & flags.combined) === 0) return found
    at += read.sizeBytes
  }
}

function hasPlace({ map, takesAssets, takesNcp }: Rules, module: FlashedModule): boolean {
  if (module.function === moduleFunctions.asset) return takesAssets
  if (module.function === moduleFunctions.ncp) return takesNcp
  if (module.function === moduleFunctions.radio) {
    return map.family === 'nrf52' && liesBelow(softDevicePlace.start, softDevicePlace.limit, module)
  }
  const place = map.places.find((one) => one.function === module.function && one.index === module.index)
  return place !== undefined && endsIn(place, module)
}

/** Device OS looks where a module ends, not where it begins. */
function endsIn(place: ModulePlace, module: FlashedModule): boolean {
  if ('end' in place.at)
    return module.endAddress + 4 <= place.at.end && module.startAddress >= place.at.end - place.maxSizeBytes
  return liesBelow(Math.min(...place.at.starts), place.limit, module)
}

function liesBelow(start: number, limit: number, { endAddress }: FlashedModule): boolean {
  return endAddress >= start && endAddress + 4 <= limit
}

function moduleError(rules: Rules, installed: Installed, module: FlashedModule): number {
  // An asset is looked at when it is stored, after the answer.
  if (module.function === moduleFunctions.asset) return 0
  if (!module.isIntact) return updateErrors.integrity
  if (!fitsInstalled(installed, module)) return updateErrors.dependencies
  if (module.platformId !== rules.map.platformId) return updateErrors.wrongPlatform
  return formatError(rules, module) || serviceError(rules, module)
}

function formatError({ takesPacked }: Rules, module: FlashedModule): number {
  const isPacked = (module.flags & flags.compressed) !== 0
  const isDropped = (module.flags & flags.dropModuleInfo) !== 0
  if (module.prefixOffset > 0 && (isPacked || isDropped)) return updateErrors.invalidFormat
  const mayBePacked = module.function === moduleFunctions.user || module.function === moduleFunctions.system
  if (isPacked && !(takesPacked && mayBePacked)) return updateErrors.unsupportedModule
  if ((module.flags & flags.combined) !== 0 && !takesPacked) return updateErrors.unsupportedModule
  // The RTL's MBR is bound to its chip and no field update may replace it.
  const isMbr = module.function === moduleFunctions.bootloader && module.index === 1
  return isMbr ? updateErrors.unsupportedModule : 0
}

function serviceError({ isInService }: Rules, module: FlashedModule): number {
  if (!isInService) return 0
  const isBlindLoader = module.function === moduleFunctions.bootloader && module.index === 0 && !hasSecurityMode(module)
  const isOldSystem = module.function === moduleFunctions.system && module.version < leastServiceSystem
  return isBlindLoader || isOldSystem ? updateErrors.protected : 0
}

/**
 * A user part may come before what it needs (the board is in safe mode until then), and a second dependency on a
 * bootloader is not looked at. A system part must leave the other system parts what they need.
 */
function fitsInstalled(installed: Installed, module: FlashedModule): boolean {
  if (module.function === moduleFunctions.user) return true
  const [first, second] = module.dependencies
  const wanted = second && second.function !== moduleFunctions.bootloader ? [first, second] : [first]
  if (
    !areMet(
      installed,
      wanted.filter((one) => one !== undefined),
    )
  )
    return false
  return module.function !== moduleFunctions.system || keepsOthers(installed, module)
}

function keepsOthers(installed: Installed, module: FlashedModule): boolean {
  const others = installed.modules.filter(
    (one) => one.function === moduleFunctions.system && one.index !== module.index,
  )
  return others.every((other) =>
    other.dependencies.every(
      (wanted) =>
        wanted.function !== module.function || wanted.index !== module.index || wanted.version <= module.version,
    ),
  )
}
