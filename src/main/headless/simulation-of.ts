// The simulated bench that a command line asks for, as the desk and the USB process take it.
import type { SimulationRun } from '../desk/desk.ts'
import type { BusChoice } from '../host/link.ts'
import type { CommandLine } from './arguments.ts'

/** null for real USB. */
export function simulationOf({ sim, simSpeed, simDump }: CommandLine): SimulationRun | null {
  if (sim === null) return null
  return { boards: sim, speed: simSpeed, ...(simDump ? { dumpFolder: simDump } : {}) }
}

/** The bus of a command that works without a desk. */
export function busChoiceOf({ sim, simSpeed }: CommandLine): BusChoice {
  if (sim === null) return { kind: 'usb' }
  return { kind: 'simulated', boards: sim, speed: simSpeed, operator: null, dumpFolder: null }
}
