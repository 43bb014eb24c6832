// Which Device OS runs on a board now, and which will when the plan is done: what most rules of a plan turn on. Pure.
import { type ParticleIdentity, valueOrNull } from '../../../shared/model/identity.ts'
import { type FirmwareModule, type ModuleKey, type ReportedModule, sameModule } from '../../../shared/model/module.ts'
import { deviceOsOfSystem } from '../platforms/device-os-versions.ts'

const system1: ModuleKey = { kind: 'system', index: 1 }

/** What lies in the main store: copies in other stores do not run. */
export function reportedOn(board: ParticleIdentity, key: ModuleKey): ReportedModule | null {
  const modules = valueOrNull(board.modules) ?? []
  return modules.find((module) => module.store === 'main' && sameModule(module, key)) ?? null
}

/** Module version that the board carries in this place; of a network processor also where Device OS does not list it. */
export function versionOn(board: ParticleIdentity, key: ModuleKey): number | null {
  const reported = reportedOn(board, key)?.version ?? null
  return key.kind === 'ncp' ? (reported ?? valueOrNull(board.ncpModuleVersion)) : reported
}

/** System module version of the Device OS that runs; null in DFU mode and where the board does not say. */
export function systemNow(board: ParticleIdentity): number | null {
  return board.mode === 'normal' ? (reportedOn(board, system1)?.version ?? null) : null
}

/** System module version that will run when the modules are on the board; null when that cannot be known. */
export function systemAtEnd(board: ParticleIdentity, modules: readonly FirmwareModule[]): number | null {
  return modules.find((module) => sameModule(module, system1))?.version ?? reportedOn(board, system1)?.version ?? null
}

/** "Device OS 1.5.2", or the bare number of the module where the release is not known. */
export function deviceOsName(systemVersion: number): string {
  return `Device OS ${deviceOsOfSystem(systemVersion) ?? `with system version ${systemVersion}`}`
}
