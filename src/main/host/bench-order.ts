// A simulated bench knows its ports: its first board stands in slot 1, whoever enumerates first. A slot that has its
// port keeps it.
import type { PortPath } from '../../shared/model/ids.ts'
import type { StationCommand } from '../station/station-command.ts'

interface BoardsOnPorts {
  takenPorts(): readonly PortPath[]
}

/** The command as it is, but an `assign` on a simulated bench with the free slots given to the boards in their order. */
export function inBenchOrder(command: StationCommand, bench: BoardsOnPorts | null): StationCommand {
  if (command.kind !== 'assign' || !bench) return command
  const taken = new Set(command.ports)
  const free = bench.takenPorts().filter((portPath) => !taken.has(portPath))
  return { ...command, ports: command.ports.map((port) => port ?? free.shift() ?? null) }
}
