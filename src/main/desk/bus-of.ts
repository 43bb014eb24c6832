// The bus of a run: real USB, or simulated boards where the run or the settings ask for them.
import type { BusChoice } from '../host/link.ts'
import type { DeskOptions } from './desk.ts'
import type { SettingsFile } from './settings-file.ts'

/** A practice bench: verdicts stay long enough to be read. */
const endless = { boardsInAll: 0, holdMs: 6_000 } as const

/** Simulated boards where this run or the settings ask for them, else real USB. */
export function busOf(state: {
  readonly options: Pick<DeskOptions, 'simulation'>
  readonly settings: SettingsFile
}): BusChoice {
  const { simulation } = state.options
  const saved = state.settings.current().simulation
  if (simulation) {
    const { boards, speed, operator = null, dumpFolder = null } = simulation
    return { kind: 'simulated', boards, speed, operator, dumpFolder }
  }
  if (!saved.on) return { kind: 'usb' }
  return { kind: 'simulated', boards: saved.boards, speed: saved.speed, operator: endless, dumpFolder: null }
}
