// Which bootloaders go by control request, in which order, and whether before or after DFU; and those of Gen 2 that must
// be staged, because the Device OS at the end takes no request. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, type ModuleKey, moduleName, sameModule } from '../../../shared/model/module.ts'
import { boundsOf, platformOf } from '../platforms/platforms.ts'
import { systemFrom } from './platform-limits.ts'
import { deviceOsName, reportedOn, systemAtEnd, systemNow } from './system-versions.ts'

export interface OrderedUpdates {
  readonly before: readonly FirmwareModule[]
  /** Put into the OTA area over DFU, for the Device OS that starts afterwards to apply. */
  readonly staged: readonly FirmwareModule[]
  readonly after: readonly FirmwareModule[]
  /** Already on the board in this very version, whole as Device OS reports. */
  readonly skipped: readonly FirmwareModule[]
  /**
   * Likewise, but without a hash to tell builds of one version apart, or not known at all in DFU mode: read back there,
   * and sent or staged afterwards if it differs.
   */
  readonly doubtful: readonly FirmwareModule[]
  /** No way leads onto the board: it must hold them already, as a reading in DFU mode shows. */
  readonly held: readonly FirmwareModule[]
}

export interface UpdatesRequest {
  readonly board: ParticleIdentity
  readonly modules: readonly FirmwareModule[]
  /** A pass through DFU follows that reads every module back. */
  readonly readsBack: boolean
  readonly force: boolean
}

/** RTL wants prebootloader part 1 (index 2) before the bootloader (index 0): the latter depends on it. */
function rank(module: ModuleKey): number {
  if (module.kind === 'bootloader') return module.index === 0 ? 1 : 0
  return 2
}

export function goesByControlRequest(module: FirmwareModule): boolean {
  return boundsOf(module.platform, module)?.alternate === null
}

/** Throws PLAN_REFUSED for a bootloader that has no way onto the board. */
export function orderUpdates(request: UpdatesRequest): OrderedUpdates {
  const { board, modules, readsBack, force } = request
  const boots = modules.filter((each) => each.kind === 'bootloader').sort((a, b) => rank(a) - rank(b))
  const current = force ? [] : boots.filter((module) => isCurrent(board, module))
  const isUnsure = (module: FirmwareModule) =>
    current.includes(module) ? reportedOn(board, module)?.suffixSha256 === null : !force && !board.modules.known
  const doubtful = readsBack || board.mode === 'dfu' ? boots.filter(isUnsure) : []
  const skipped = current.filter((module) => !doubtful.includes(module))
  const due = boots.filter((module) => !current.includes(module) && !doubtful.includes(module))
  // All or none: a late prebootloader must not come after the early bootloader that depends on it.
  const before = due.every((module) => isEarly(module, request, due)) ? due : []
  const late = boots.filter((module) => !before.includes(module) && !skipped.includes(module))
  const way = lateWay(request)
  if (way === 'none') refuseKnownOthers(request, late)
  return {
    before,
    skipped,
    staged: way === 'staged' ? late : [],
    after: way === 'request' ? late : [],
    doubtful: way === 'none' ? [] : doubtful,
    held: way === 'none' ? late : [],
  }
}

/** Same version, integrity checked by the board, and the file's own hash where the board reports one. */
function isCurrent(board: ParticleIdentity, module: FirmwareModule): boolean {
  const present = reportedOn(board, module)
  if (!present || present.version !== module.version || present.integrity !== 'passed') return false
  return present.suffixSha256 === null || present.suffixSha256 === module.suffixSha256
}

/** Device OS takes modules by control request now. */
export function canUpdateNow(board: ParticleIdentity): boolean {
  if (board.mode !== 'normal') return false
  return platformOf(board.platform).mcu !== 'stm32f2' || (systemNow(board) ?? 0) >= systemFrom.takesUpdatesOnGen2
}

/** The running board, with the updates that go before, meets what the module depends on. */
export function isSupportedNow(
  board: ParticleIdentity,
  module: FirmwareModule,
  due: readonly FirmwareModule[] = [],
): boolean {
  return module.dependencies.every((wanted) => {
    const coming = due.find((other) => sameModule(other, wanted) && rank(other) < rank(module))
    const version = (coming ?? reportedOn(board, wanted))?.version
    return version !== undefined && version >= wanted.version
  })
}

function isEarly(module: FirmwareModule, { board }: UpdatesRequest, due: readonly FirmwareModule[]): boolean {
  const present = reportedOn(board, module)
  const isUpgrade = present !== null && present.version <= module.version
  return isUpgrade && canUpdateNow(board) && isSupportedNow(board, module, due)
}

/** How the Device OS that starts after DFU takes a bootloader; one that is not known is asked by request. */
function lateWay({ board, modules }: UpdatesRequest): 'request' | 'staged' | 'none' {
  const system = systemAtEnd(board, modules)
  if (platformOf(board.platform).mcu !== 'stm32f2' || system === null) return 'request'
  if (system >= systemFrom.takesUpdatesOnGen2) return 'request'
  return system >= systemFrom.appliesStaged ? 'staged' : 'none'
}

function refuseKnownOthers({ board, modules }: UpdatesRequest, late: readonly FirmwareModule[]): void {
  const other = late.find((module) => board.modules.known && !isCurrent(board, module))
  if (!other) return
  const present = reportedOn(board, other)
  const has = present ? `has version ${present.version}` : 'reports none'
  const ends = deviceOsName(systemAtEnd(board, modules) ?? 0)
  const refusal = `${moduleName(other)} ${other.version} has no way onto a board that ends with ${ends}, and it ${has}`
  throw new Fault('PLAN_REFUSED', `${refusal}: only Device OS 1.2.1 and later applies a bootloader; take such a one`)
}
