// A whole bench at once: a bus with a board in every port that the bench spec names.
import type { PlacedBoard } from './bench-spec.ts'
import { createDfuDevice } from './generic/dfu-device.ts'
import { createSimulatedBoard } from './simulated-board.ts'
import { type BusOptions, createSimulatedBus, type SimulatedBus } from './simulated-bus.ts'

/** The bus with all boards plugged in; they enumerate a moment later, as boards do when the hub gets power. */
export function createBench(boards: readonly PlacedBoard[], options: BusOptions): SimulatedBus {
  const bus = createSimulatedBus(options)
  for (const placed of boards) {
    const { portPath } = placed
    bus.plug(portPath, placed.kind === 'board' ? createSimulatedBoard(placed.spec) : createDfuDevice(placed.spec))
  }
  return bus
}
