// The set-up flag of Gen 3 boards: set over DFU where the plan goes there, by request where it does not, and left alone
// with a reason where Device OS ignores it. Pure.
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'
import type { ParticleRecipe } from '../../../shared/model/recipe.ts'
import { platformOf } from '../platforms/platforms.ts'
import { deviceOsName, systemAtEnd } from './system-versions.ts'

export interface SetupPlan {
  readonly inDfu: readonly PlanStep[]
  readonly byRequest: readonly PlanStep[]
  readonly notes: readonly string[]
}

export interface SetupRequest {
  readonly board: ParticleIdentity
  readonly modules: readonly FirmwareModule[]
  readonly setup: ParticleRecipe['setup']
  readonly passesDfu: boolean
}

export function planSetup({ board, modules, setup, passesDfu }: SetupRequest): SetupPlan {
  const nothing: SetupPlan = { inDfu: [], byRequest: [], notes: [] }
  if (setup === 'keep') return nothing
  const { title, setupDone } = platformOf(board.platform)
  if (!setupDone) return { ...nothing, notes: [`set-up flag left alone: the ${title} has none`] }
  const system = systemAtEnd(board, modules)
  if (system !== null && system >= setupDone.belowSystemVersion) {
    return { ...nothing, notes: [`set-up flag left alone: ${deviceOsName(system)} takes every board for set up`] }
  }
  const isDone = setup === 'done'
  return passesDfu
    ? { ...nothing, inDfu: [{ kind: 'set-up', isDone, way: 'dfu' }] }
    : { ...nothing, byRequest: [{ kind: 'set-up', isDone, way: 'request' }] }
}
