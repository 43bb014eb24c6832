// From what a board is and what it shall carry to the ordered steps between: pure data, computed before anything moves.
// The order is fixed by rank, not by sorting dependencies, for those are cyclic in real sets (Photon, Electron).
import { Fault } from '../../../shared/fault/fault.ts'
import type { RecipeTarget } from '../../../shared/model/firmware-view.ts'
import { type BoardIdentity, valueOrNull } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { Plan, PlanStep, SkippedModule } from '../../../shared/model/plan.ts'
import type { VerifyPolicy } from '../../../shared/model/recipe.ts'
import { checkModuleFitsBoard } from '../firmware/fits-board.ts'
import { platformOf } from '../platforms/platforms.ts'
import { checkDependencies } from './check-dependencies.ts'
import { orderUpdates, reportedOn } from './plan-updates.ts'
import { heldByReport, readsBack, writeSteps } from './plan-writes.ts'

export interface PlanRequest {
  readonly board: BoardIdentity
  readonly target: RecipeTarget
  readonly verify: VerifyPolicy
  /** Synthetic modules are for simulated boards only. */
  readonly isSimulated: boolean
}

/**
 * Throws DEVICE_UNKNOWN, DEVICE_PROTECTED, DFU_BY_BUTTON, PLAN_REFUSED, or the target's own fault: nothing has been sent to the board
 * then. Modules that go by control request run before DFU when Device OS runs and they are upgrades, else after it, so
 * that a downgrade never leaves a new system over an old bootloader and a dead Device OS is repaired first.
 */
export function planFlash(request: PlanRequest): Plan {
  const { board, target, verify, isSimulated } = request
  refuseBoard(board, target)
  if (!isSimulated) refuseSynthetic(target.modules)
  const modules = target.modules.map((module) => checked(module, board))
  checkDependencies(board, modules)
  const updates = orderUpdates(board, modules, readsBack(board, modules, verify))
  const held = heldByReport(board, modules, verify)
  const writes = writeSteps({
    board,
    modules,
    verify,
    updatedBefore: updates.before,
    skippedUpdates: updates.skipped,
    doubtfulUpdates: updates.doubtful,
    heldByReport: held,
  })
  const steps: PlanStep[] = [
    ...updates.before.map((module): PlanStep => ({ kind: 'update', module })),
    ...inDfu(board, writes),
    ...updates.after.map((module) => lateUpdate(module, updates.doubtful.includes(module))),
    { kind: 'prove' },
  ]
  const skipped = [...updates.skipped, ...held].map((module) => skippedModule(board, module))
  return { platform: board.platform, steps, skipped, targets: modules }
}

function refuseBoard(board: BoardIdentity, target: RecipeTarget): void {
  if (valueOrNull(board.isProtected)) throw new Fault('DEVICE_PROTECTED', `${board.deviceId} is in security mode`)
  if (isDeafToRequests(board)) {
    throw new Fault('DFU_BY_BUTTON', `${board.deviceId} answered no control request while Device OS runs`)
  }
  if (target.fault) throw new Fault(target.fault.code, target.fault.detail)
  if (target.modules.length === 0) throw new Fault('PLAN_REFUSED', `the recipe names no module for ${board.platform}`)
}

function refuseSynthetic(modules: readonly FirmwareModule[]): void {
  const synthetic = modules.find((module) => module.isSynthetic)
  if (!synthetic) return
  const name = `${moduleName(synthetic)} version ${synthetic.version} (${synthetic.source})`
  throw new Fault('PLAN_REFUSED', `${name} is synthetic: demo firmware for simulated boards, no program`)
}

/** Device OS before 0.8.0 on Gen 2 runs, but knows no control request: not even the one that enters DFU. */
function isDeafToRequests({ platform, mode, modules, deviceOsVersion, isProtected }: BoardIdentity): boolean {
  const isSilent = !modules.known && !deviceOsVersion.known && !isProtected.known
  return mode === 'normal' && isSilent && platformOf(platform).mcu === 'stm32f2'
}

function checked(module: FirmwareModule, board: BoardIdentity): FirmwareModule {
  checkModuleFitsBoard(module, board.platform)
  return module
}

/** The DFU part with its way in and out; nothing when there is nothing to do there and the board runs. */
function inDfu(board: BoardIdentity, writes: readonly PlanStep[]): readonly PlanStep[] {
  if (board.mode === 'dfu') return [...writes, { kind: 'leave-dfu' }]
  return writes.length === 0 ? [] : [{ kind: 'enter-dfu' }, ...writes, { kind: 'leave-dfu' }]
}

function lateUpdate(module: FirmwareModule, isDoubtful: boolean): PlanStep {
  return isDoubtful ? { kind: 'update', module, onlyIfDifferent: true } : { kind: 'update', module }
}

function skippedModule(board: BoardIdentity, module: FirmwareModule): SkippedModule {
  const { kind, index, version } = module
  const withHash = reportedOn(board, module)?.suffixSha256 === null ? '' : ' and reports the hash of this file'
  return {
    module: { kind, index, version },
    reason: `the board already has ${moduleName(module)} version ${version}${withHash}`,
  }
}
