// What a person asks of the walk, by environment variables. Without STATION_HARDWARE=1 nothing is touched; what writes to
// a board must be asked for by name.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** From harmless to risky. */
const stepNames = ['look', 'modes', 'read', 'write', 'restore'] as const
export type StepName = (typeof stepNames)[number]

const harmless: readonly StepName[] = ['look', 'modes', 'read']

export interface WalkSettings {
  readonly steps: readonly StepName[]
  /** Only boards on these port paths; null: every board. */
  readonly portPaths: readonly string[] | null
  /** User modules, at most one for each platform, for the step "write". */
  readonly userFiles: readonly string[]
  /** Sets or folders with sets, for the step "restore". */
  readonly sets: readonly string[]
  readonly reportPath: string
  /** Simulated boards run so many times as fast as real ones; 1 on hardware. */
  readonly speed: number
}

/** Why nothing is run; null when it is. */
export function skipReason(env: NodeJS.ProcessEnv): string | null {
  if (env['STATION_HARDWARE'] === '1') return null
  return 'they use the boards that are plugged in; STATION_HARDWARE=1 runs them (docs/hardware.md)'
}

/** Throws with the name of the variable that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): WalkSettings {
  const steps = stepsOf(listOf(env['STATION_HARDWARE_STEPS']))
  const userFiles = listOf(env['STATION_HARDWARE_USER'])
  const sets = listOf(env['STATION_HARDWARE_SETS'])
  if (steps.includes('write') && userFiles.length === 0) {
    throw new Error('STATION_HARDWARE_USER: the step "write" needs a user module (.bin) for each platform')
  }
  if (steps.includes('restore') && sets.length === 0) {
    throw new Error(
      'STATION_HARDWARE_SETS: the step "restore" needs restore sets (.zip or folders), separated by commas',
    )
  }
  const speed = Number(env['STATION_HARDWARE_SPEED'] ?? 1)
  if (!(speed > 0)) throw new Error('STATION_HARDWARE_SPEED: wants a number above 0')
  const portPaths = listOf(env['STATION_HARDWARE_PORTS'])
  return {
    steps,
    portPaths: portPaths.length > 0 ? portPaths : null,
    userFiles,
    sets,
    reportPath: env['STATION_HARDWARE_REPORT'] ?? join(tmpdir(), `dfu-station-hardware-${compactTime()}.json`),
    speed,
  }
}

/** As in 20270131T142503: no walk overwrites another's report. */
function compactTime(): string {
  return new Date().toISOString().replaceAll(/[-:]/g, '').replace(/\..*$/, '')
}

function stepsOf(words: readonly string[]): readonly StepName[] {
  const unknown = words.find((word) => !stepNames.some((name) => name === word))
  if (unknown !== undefined) throw new Error(`STATION_HARDWARE_STEPS: no step "${unknown}"; ${stepNames.join(', ')}`)
  const wanted: readonly string[] = words.length > 0 ? words : harmless
  return stepNames.filter((name) => wanted.includes(name))
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
