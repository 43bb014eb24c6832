// A verification in steps: all that DFU can read is read back and compared, then Device OS is asked about everything.
// Nothing is written, and no difference stops the reading: all modules are examined. Pure.
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { FactoryImage, Plan, PlanStep } from '../../../shared/model/plan.ts'
import { checkModuleFitsBoard } from '../firmware/fits-board.ts'
import { boundsOf } from '../platforms/platforms.ts'
import type { PlanRequest } from './plan-flash.ts'
import { newerReason } from './plan-ncp.ts'
import { clearOtherSlot, factoryImageFor } from './plan-user.ts'
import { placeOf } from './plan-writes.ts'
import { refuseBoard, refuseSynthetic } from './refuse-board.ts'
import { versionOn } from './system-versions.ts'

/** Throws DEVICE_PROTECTED, DFU_BY_BUTTON, DEVICE_OS_SILENT, PLAN_REFUSED, or the target's own fault. */
export function planVerify({ board, target, recipe, isSimulated }: PlanRequest): Plan {
  refuseBoard(board, target)
  const { assets } = target
  if (!isSimulated) refuseSynthetic(target.modules)
  for (const module of target.modules) checkModuleFitsBoard(module, board.platform, assets)
  // A flash leaves a newer network processor alone and passes, so a verification asks for no other.
  const newer = target.modules.filter(
    (module) => module.kind === 'ncp' && versionOnBoard(board, module) > module.version,
  )
  const modules = target.modules.filter((module) => !newer.includes(module))
  const skipped = newer.map((module) => ({
    module: { kind: module.kind, index: module.index, version: module.version },
    reason: newerReason(module, versionOnBoard(board, module)),
  }))
  const factory = recipe.factoryImage === 'user' ? factoryImageFor(board, modules) : null
  const readable = modules.filter(liesInFlash).sort((a, b) => a.startAddress - b.startAddress)
  const blanks = modules.flatMap((module) => clearOtherSlot(board, modules, module))
  const inDfu: readonly PlanStep[] = [
    ...readable.map((module): PlanStep => ({ kind: 'examine', module, ...placeOf(module), place: 'main' })),
    ...(factory ? [factoryStep(factory)] : []),
    ...blanks.flatMap((step): readonly PlanStep[] =>
      step.kind === 'clear' ? [{ kind: 'examine-blank', range: step.range, reason: step.reason }] : [],
    ),
  ]
  const enter: readonly PlanStep[] = board.mode === 'dfu' || inDfu.length === 0 ? [] : [{ kind: 'enter-dfu' }]
  const leave: readonly PlanStep[] = board.mode === 'dfu' || inDfu.length > 0 ? [{ kind: 'leave-dfu' }] : []
  const steps: readonly PlanStep[] = [...enter, ...inDfu, ...leave, { kind: 'judge' }]
  return { platform: board.platform, steps, skipped, targets: modules, factory, assets, notes: [] }
}

function versionOnBoard(board: ParticleIdentity, module: FirmwareModule): number {
  return versionOn(board, module) ?? 0
}

function factoryStep({ module, range }: FactoryImage): PlanStep {
  return { kind: 'examine', module, range, offsetBytes: 0, place: 'factory' }
}

/** The network processor keeps its own firmware: of it there is only what Device OS reports. */
function liesInFlash(module: FirmwareModule): boolean {
  return boundsOf(module.platform, module)?.anchor !== 'store'
}
