// Which modules go by control request, in which order, and whether before or after DFU. Pure.
import { type BoardIdentity, valueOrNull } from '../../../shared/model/identity.ts'
import { type FirmwareModule, type ModuleKey, type ReportedModule, sameModule } from '../../../shared/model/module.ts'
import { boundsOf, platformOf } from '../platforms/platforms.ts'

export interface OrderedUpdates {
  readonly before: readonly FirmwareModule[]
  readonly after: readonly FirmwareModule[]
  /** Already on the board in this very version, whole as Device OS reports. */
  readonly skipped: readonly FirmwareModule[]
  /** Likewise, but without a hash to tell builds of one version apart: read back in DFU, sent after it if it differs. */
  readonly doubtful: readonly FirmwareModule[]
}

/** System module version of Device OS 2.0.0: below it Gen 2 takes no module by control request while it runs. */
const gen2TakesUpdatesFrom = 2008

/** RTL wants prebootloader part 1 (index 2) before the bootloader (index 0): the latter depends on it. */
function rank(module: ModuleKey): number {
  if (module.kind === 'bootloader') return module.index === 0 ? 1 : 0
  return 2
}

export function goesByControlRequest(module: FirmwareModule): boolean {
  return boundsOf(module.platform, module)?.alternate === null
}

export function reportedOn(board: BoardIdentity, key: ModuleKey): ReportedModule | null {
  const modules = valueOrNull(board.modules) ?? []
  return modules.find((module) => module.store === 'main' && sameModule(module, key)) ?? null
}

/** `readsBack`: a pass through DFU follows that reads every module back. */
export function orderUpdates(
  board: BoardIdentity,
  modules: readonly FirmwareModule[],
  readsBack: boolean,
): OrderedUpdates {
  const updates = modules.filter(goesByControlRequest).sort((a, b) => rank(a) - rank(b))
  const current = updates.filter((module) => isCurrent(board, module))
  const doubtful = current.filter((module) => readsBack && reportedOn(board, module)?.suffixSha256 === null)
  const skipped = current.filter((module) => !doubtful.includes(module))
  const due = updates.filter((module) => !current.includes(module))
  const canUpdateNow = board.mode === 'normal' && takesUpdates(board)
  const isEarly = (module: FirmwareModule) =>
    canUpdateNow && isUpgrade(board, module) && isSupported(board, module, due)
  // All or none: a late prebootloader must not come after the early bootloader that depends on it.
  const before = due.every(isEarly) ? due : []
  const after = updates.filter((module) => !before.includes(module) && !skipped.includes(module))
  return { before, after, skipped, doubtful }
}

/** Same version, integrity checked by the board, and the file's own hash where the board reports one. */
function isCurrent(board: BoardIdentity, module: FirmwareModule): boolean {
  const present = reportedOn(board, module)
  if (!present || present.version !== module.version || present.integrity !== 'passed') return false
  return present.suffixSha256 === null || present.suffixSha256 === module.suffixSha256
}

function isUpgrade(board: BoardIdentity, module: FirmwareModule): boolean {
  const present = reportedOn(board, module)
  return present !== null && present.version <= module.version
}

function takesUpdates(board: BoardIdentity): boolean {
  if (platformOf(board.platform).mcu !== 'stm32f2') return true
  return (reportedOn(board, { kind: 'system', index: 1 })?.version ?? 0) >= gen2TakesUpdatesFrom
}

/** The running board, with the updates that go before, meets what the module depends on. */
function isSupported(board: BoardIdentity, module: FirmwareModule, due: readonly FirmwareModule[]): boolean {
  return module.dependencies.every((wanted) => {
    const coming = due.find((other) => sameModule(other, wanted) && rank(other) < rank(module))
    const version = (coming ?? reportedOn(board, wanted))?.version
    return version !== undefined && version >= wanted.version
  })
}
