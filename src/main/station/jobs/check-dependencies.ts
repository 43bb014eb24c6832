// The completeness of the final state: what the board will carry meets what each module depends on. Not an order.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, type ModuleDependency, moduleName, sameModule } from '../../../shared/model/module.ts'
import { versionOn } from './system-versions.ts'

/**
 * Throws PLAN_REFUSED for a dependency that neither the targets nor the board's own modules will meet. What a board in
 * DFU mode carries is unknown: there only the targets are judged, and the proof at the end has the last word.
 */
export function checkDependencies(board: ParticleIdentity, targets: readonly FirmwareModule[]): void {
  for (const module of targets) {
    for (const wanted of module.dependencies) {
      const version = versionAtEnd(board, targets, wanted)
      if (version === null || version >= wanted.version) continue
      const has = version < 0 ? 'has none' : `has version ${version}`
      const wants = `${moduleName(module)} ${module.version} (${module.source}) wants ${moduleName(wanted)}`
      throw new Fault('PLAN_REFUSED', `${wants} version ${wanted.version} or later, and the board ${has}`)
    }
  }
}

/** null: cannot be known. -1: there will be none. */
function versionAtEnd(
  board: ParticleIdentity,
  targets: readonly FirmwareModule[],
  wanted: ModuleDependency,
): number | null {
  const target = targets.find((module) => sameModule(module, wanted))
  if (target) return target.version
  if (!board.modules.known) return null
  return versionOn(board, wanted) ?? -1
}
