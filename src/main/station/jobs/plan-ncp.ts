// The network processor beside the chip (Argon, A SoM, Tracker): its firmware goes by control request, is never brought
// down, and is taken only by some Device OS. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { PlanStep, SkippedModule } from '../../../shared/model/plan.ts'
import { canUpdateNow, isSupportedNow } from './plan-updates.ts'
import { ncpRemedy, takesNcp } from './platform-limits.ts'
import { deviceOsName, reportedOn, systemAtEnd, systemNow, versionOn } from './system-versions.ts'

export interface NcpPlan {
  readonly before: readonly PlanStep[]
  readonly after: readonly PlanStep[]
  readonly skipped: readonly SkippedModule[]
  /** Left alone for good: the board carries a newer one, and so it is no target. */
  readonly released: readonly FirmwareModule[]
}

const nothing: NcpPlan = { before: [], after: [], skipped: [], released: [] }

/** Throws PLAN_REFUSED with the remedy where no Device OS on the way takes it. */
export function planNcp(board: ParticleIdentity, modules: readonly FirmwareModule[], force: boolean): NcpPlan {
  const ncp = modules.find((module) => module.kind === 'ncp')
  if (!ncp) return nothing
  const present = versionOn(board, ncp)
  if (present !== null && present > ncp.version) {
    return { ...nothing, ...skip(ncp, newerReason(ncp, present)), released: [ncp] }
  }
  const step: PlanStep = { kind: 'update', module: ncp }
  if (present === ncp.version && !isBroken(board, ncp) && !(force && isTakenNow(board, ncp))) {
    return { ...nothing, ...skip(ncp, sameReason(board, ncp, force)) }
  }
  if (isTakenNow(board, ncp)) return { ...nothing, before: [step] }
  return { ...nothing, after: [lateStep(board, modules, ncp)] }
}

/** What a board of this platform must be told that carries a newer network processor than the recipe. */
export function newerReason(ncp: FirmwareModule, present: number): string {
  return `the board has version ${present}, newer than ${ncp.version}: a network processor is never brought down`
}

function sameReason(board: ParticleIdentity, ncp: FirmwareModule, force: boolean): string {
  const system = systemNow(board)
  const isRefused = force && system !== null && !takesNcp(board.platform, system)
  return `the board already has ncp version ${ncp.version}${isRefused ? `, and ${deviceOsName(system)} takes none` : ''}`
}

/** Its version comes from the running firmware itself; only a check that Device OS made and that failed says otherwise. */
export function isBroken(board: ParticleIdentity, ncp: FirmwareModule): boolean {
  return reportedOn(board, ncp)?.integrity === 'failed'
}

function skip(ncp: FirmwareModule, reason: string): Pick<NcpPlan, 'skipped'> {
  const { kind, index, version } = ncp
  return { skipped: [{ module: { kind, index, version }, reason }] }
}

function isTakenNow(board: ParticleIdentity, ncp: FirmwareModule): boolean {
  const system = systemNow(board)
  return system !== null && canUpdateNow(board) && takesNcp(board.platform, system) && isSupportedNow(board, ncp)
}

/** After DFU, by the Device OS that starts then. What a board in DFU mode has is asked before anything is sent. */
function lateStep(board: ParticleIdentity, modules: readonly FirmwareModule[], ncp: FirmwareModule): PlanStep {
  const system = systemAtEnd(board, modules)
  const step = { kind: 'update', module: ncp, onlyIfOlder: true } as const
  if (system === null || takesNcp(board.platform, system)) return step
  const refusal = noWay({ ...ncp, platform: board.platform }, system)
  if (board.modules.known) throw new Fault('PLAN_REFUSED', refusal)
  return { ...step, cannotSend: refusal }
}

function noWay({ platform, version }: FirmwareModule, system: number): string {
  const what = `ncp ${version} cannot be brought onto the board, for ${deviceOsName(system)} takes none`
  return `${what}: ${ncpRemedy(platform)}`
}
