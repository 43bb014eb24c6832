// The simulated bench that a command line asks for, as the desk takes it.
import type { SimulationRun } from '../desk/desk.ts'
import type { CommandLine } from './arguments.ts'

/** null for real USB. */
export function simulationOf({ sim, simSpeed, simDump }: CommandLine): SimulationRun | null {
  if (sim === null) return null
  return { boards: sim, speed: simSpeed, ...(simDump ? { dumpFolder: simDump } : {}) }
}
