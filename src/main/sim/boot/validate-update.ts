// Validates a module in the OTA area before it may go to its place: integrity, platform, range, dependencies, in the
// order of Device OS, with the error codes of its update service (system_error.h, -1300 to -1390).
import type { BoardChips, BoardFacts } from '../board-parts.ts'
import { type Installed, readInstalled } from './installed-modules.ts'
import { areMet } from './judge-modules.ts'
import { type MemoryMap, type ModulePlace, memoryMapOf, moduleFunctions, softDevicePlace } from './memory-map.ts'
import type { OtaArea } from './ota-area.ts'
import { type FlashedModule, flags, readModule } from './read-module.ts'

export const updateErrors = {
  moduleNotFound: -1300,
  unsupportedModule: -1310,
  integrity: -1330,
  dependencies: -1340,
  invalidAddress: -1350,
  invalidSize: -1351,
  wrongPlatform: -1360,
  invalidFormat: -1370,
} as const

export type UpdateVerdict = { readonly module: FlashedModule } | { readonly error: number }

/** Judges what lies at the start of the area; `sizeBytes` is what the host sent, null when nobody knows (OTA flag). */
export function validateUpdate(
  facts: BoardFacts,
  chips: BoardChips,
  area: OtaArea & { readonly sentBytes: number | null },
): UpdateVerdict {
  const map = memoryMapOf(facts.platform)
  const module = readModule(area.chip, area.address, { ...map, maxSizeBytes: area.sizeBytes })
  if (!module) return { error: area.sentBytes === null ? updateErrors.moduleNotFound : updateErrors.invalidFormat }
  const installed = readInstalled(facts.platform, chips)
  const checks = [
    () => (area.sentBytes !== null && area.sentBytes !== module.sizeBytes ? updateErrors.invalidSize : 0),
    () => (module.isIntact ? 0 : updateErrors.integrity),
    () => (module.platformId === map.platformId ? 0 : updateErrors.wrongPlatform),
    () => rangeError(map, module),
    () => (fitsInstalled(installed, module) ? 0 : updateErrors.dependencies),
  ]
  for (const check of checks) {
    const error = check()
    if (error !== 0) return { error }
  }
  return { module }
}

function rangeError(map: MemoryMap, module: FlashedModule): number {
  if ((module.flags & ~flags.dropModuleInfo) !== 0) return updateErrors.unsupportedModule
  if (module.function === moduleFunctions.radio && map.family === 'nrf52') {
    const isPlaced = module.startAddress === softDevicePlace.start && module.endAddress <= softDevicePlace.limit
    return isPlaced ? 0 : updateErrors.invalidAddress
  }
  const place = map.places.find((one) => one.function === module.function && one.index === module.index)
  // The RTL's MBR is bound to its chip and no field update may replace it.
  const isMbr = module.function === moduleFunctions.bootloader && module.index === 1
  if (!place || isMbr) return updateErrors.unsupportedModule
  if (module.sizeBytes > place.maxSizeBytes) return updateErrors.invalidSize
  return liesIn(place, module) ? 0 : updateErrors.invalidAddress
}

function liesIn(place: ModulePlace, module: FlashedModule): boolean {
  if ('end' in place.at) return module.endAddress + 4 === place.at.end
  return place.at.starts.includes(module.startAddress) && module.endAddress + 4 <= place.limit
}

/** The new module finds what it needs, and no system part loses what it needs. */
function fitsInstalled(installed: Installed, module: FlashedModule): boolean {
  const isTheNewOne = (key: { function: number; index: number }) =>
    key.function === module.function && key.index === module.index
  const others = installed.modules.filter((one) => one.function === moduleFunctions.system && !isTheNewOne(one))
  const isBroken = others.some((other) =>
    other.dependencies.some((wanted) => isTheNewOne(wanted) && wanted.version > module.version),
  )
  return (
    !isBroken &&
    areMet(
      installed,
      module.dependencies.filter((wanted) => !isTheNewOne(wanted)),
    )
  )
}
