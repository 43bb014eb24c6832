// From what a board is and what it shall carry to the ordered steps between: pure data, computed before anything moves.
// The order is fixed by rank, not by sorting dependencies, for those are cyclic in real sets (Photon, Electron).
import type { RecipeTarget } from '../../../shared/model/firmware-view.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { Plan, PlanStep, SkippedModule } from '../../../shared/model/plan.ts'
import type { ParticleRecipe } from '../../../shared/model/recipe.ts'
import { checkModuleFitsBoard } from '../firmware/fits-board.ts'
import { checkDependencies } from './check-dependencies.ts'
import { planAssets } from './plan-assets.ts'
import { planNcp } from './plan-ncp.ts'
import { planSetup } from './plan-setup.ts'
import { orderUpdates } from './plan-updates.ts'
import { factoryImageFor, refuseUserSlots } from './plan-user.ts'
import { heldByReport, readsBack, writeSteps } from './plan-writes.ts'
import { refuseBoard, refuseSynthetic, refuseWayDown, wayDownNotes } from './refuse-board.ts'
import { refuseOverlaps } from './refuse-overlaps.ts'
import { reportedOn } from './system-versions.ts'

export interface PlanRequest {
  readonly board: ParticleIdentity
  readonly target: RecipeTarget
  readonly recipe: Pick<ParticleRecipe, 'verify' | 'force' | 'factoryImage' | 'setup'>
  /** Synthetic modules are for simulated boards only. */
  readonly isSimulated: boolean
}

/**
 * Throws DEVICE_PROTECTED, DFU_BY_BUTTON, PLAN_REFUSED, or the target's own fault: nothing has been sent to the board
 * then. Modules that go by control request run before DFU when Device OS runs and they are upgrades, else after it, so
 * that a downgrade never leaves a new system over an old bootloader and a dead Device OS is repaired first. Assets come
 * last, for only what runs then knows which it needs.
 */
export function planFlash({ board, target, recipe, isSimulated }: PlanRequest): Plan {
  const { verify, force, setup } = recipe
  refuseBoard(board, target)
  if (!isSimulated) refuseSynthetic(target.modules)
  const asked = target.modules.map((module) => checked(module, { board, target }))
  refuseWayDown(board, asked)
  refuseUserSlots(board, asked)
  const ncp = planNcp(board, asked, force)
  const modules = asked.filter((module) => !ncp.released.includes(module))
  checkDependencies(board, modules)
  const updates = orderUpdates({ board, modules, force, readsBack: readsBack(board, modules, verify) })
  const held = heldByReport(board, modules, recipe)
  const factory = recipe.factoryImage === 'user' ? factoryImageFor(board, modules) : null
  const writes = writeSteps({ board, modules, verify, force, updates, heldByReport: held, factory })
  refuseOverlaps(writes)
  const flag = planSetup({ board, modules, setup, passesDfu: board.mode === 'dfu' || writes.length > 0 })
  const early = [...updates.before.map(update), ...ncp.before]
  const late = [...updates.after.map((module) => lateUpdate(module, updates.doubtful.includes(module))), ...ncp.after]
  const hasUpdates = early.length + late.length > 0
  const assets = planAssets({ board, modules, assets: target.assets, force, hasUpdates })
  const inside = inDfu(board, [...writes, ...flag.inDfu])
  const skipped = [...updates.skipped, ...held].map((module) => skippedModule(board, module))
  return {
    platform: board.platform,
    steps: [...early, ...inside, ...late, ...flag.byRequest, ...assets.steps, { kind: 'prove' }],
    skipped: [...skipped, ...ncp.skipped, ...assets.skipped],
    targets: modules,
    factory,
    assets: target.assets,
    notes: [...wayDownNotes(board, modules), ...flag.notes],
  }
}

function checked(module: FirmwareModule, { board, target }: Pick<PlanRequest, 'board' | 'target'>): FirmwareModule {
  checkModuleFitsBoard(module, board.platform, target.assets)
  return module
}

/** The DFU part with its way in and out; nothing when there is nothing to do there and the board runs. */
function inDfu(board: ParticleIdentity, writes: readonly PlanStep[]): readonly PlanStep[] {
  if (board.mode === 'dfu') return [...writes, { kind: 'leave-dfu' }]
  return writes.length === 0 ? [] : [{ kind: 'enter-dfu' }, ...writes, { kind: 'leave-dfu' }]
}

function update(module: FirmwareModule): PlanStep {
  return { kind: 'update', module }
}

function lateUpdate(module: FirmwareModule, isDoubtful: boolean): PlanStep {
  return isDoubtful ? { kind: 'update', module, onlyIfDifferent: true } : update(module)
}

function skippedModule(board: ParticleIdentity, module: FirmwareModule): SkippedModule {
  const { kind, index, version } = module
  const withHash = reportedOn(board, module)?.suffixSha256 === null ? '' : ' and reports the hash of this file'
  return {
    module: { kind, index, version },
    reason: `the board already has ${moduleName(module)} version ${version}${withHash}`,
  }
}
