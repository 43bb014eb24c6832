// Boards and targets that no plan may begin with: locked, deaf, not made for each other, or on a way down that would
// leave them where nobody can prove or reach them. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { RecipeTarget } from '../../../shared/model/firmware-view.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import { notServedBecause } from '../identity/old-board.ts'
import { platformOf } from '../platforms/platforms.ts'
import { keepsModemBaudRate, lastWithLowBaudRate, systemFrom } from './platform-limits.ts'
import { deviceOsName, systemAtEnd, systemNow } from './system-versions.ts'

/** Throws DEVICE_PROTECTED, DFU_BY_BUTTON, DEVICE_OS_SILENT, PLAN_REFUSED, or the target's own fault. */
export function refuseBoard(board: ParticleIdentity, target: RecipeTarget): void {
  const why = notServedBecause(board)
  if (why) throw why
  if (target.fault) throw new Fault(target.fault.code, target.fault.detail)
  if (target.modules.length === 0) throw new Fault('PLAN_REFUSED', `the recipe names no module for ${board.platform}`)
}

export function refuseSynthetic(modules: readonly FirmwareModule[]): void {
  const synthetic = modules.find((module) => module.isSynthetic)
  if (!synthetic) return
  const name = `${moduleName(synthetic)} version ${synthetic.version} (${synthetic.source})`
  throw new Fault('PLAN_REFUSED', `${name} is synthetic: demo firmware for simulated boards, no program`)
}

/** Throws PLAN_REFUSED with the remedy for a Device OS that the board must not end with. */
export function refuseWayDown(board: ParticleIdentity, modules: readonly FirmwareModule[]): void {
  const end = systemAtEnd(board, modules)
  if (end === null) return
  refuseSilentEnd(board, end)
  const now = systemNow(board)
  const isStuck = now !== null && now >= systemFrom.raisesModemBaudRate && end <= lastWithLowBaudRate
  if (!isStuck || !keepsModemBaudRate(board.platform)) return
  const why = `${deviceOsName(now)} set the modem to a baud rate that ${deviceOsName(end)} cannot speak`
  const remedy = 'flash Device OS 1.5.2 first, let the board connect to the cellular network once, then flash this'
  throw new Fault('PLAN_REFUSED', `${why}: ${remedy}`)
}

/** What a plan cannot know of a board in DFU mode, and whoever flashes it should. */
export function wayDownNotes(board: ParticleIdentity, modules: readonly FirmwareModule[]): readonly string[] {
  const end = systemAtEnd(board, modules)
  const isLow = end !== null && end <= lastWithLowBaudRate && keepsModemBaudRate(board.platform)
  if (!isLow || systemNow(board) !== null) return []
  return [`a board that ran Device OS 2.0.0 or later before must go by 1.5.2, or ${deviceOsName(end)} finds no modem`]
}

/**
 * What ends silent cannot be proven, nor be brought into DFU mode again without a hand; and below 0.7.0 the bootloader
 * would have to go down too, which 0.6.3 and 0.6.4 alone do by themselves.
 */
function refuseSilentEnd(board: ParticleIdentity, end: number): void {
  if (end >= systemFrom.answersRequests[platformOf(board.platform).mcu]) return
  const why = `${deviceOsName(end)} answers no request over USB, so nothing could be proven of the board`
  throw new Fault('PLAN_REFUSED', `${why}: take Device OS 0.9.0 or later`)
}
