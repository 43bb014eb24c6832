// One simulated board in a port, on a clock whose time jumps: what the tests of this folder and of identity need of the
// simulator.
import { parseBenchFile } from '../../../src/main/sim/bench-spec.ts'
import type { DfuStart } from '../../../src/main/sim/dfu/dfu-face.ts'
import { createSimulatedBoard, type SimulatedBoard } from '../../../src/main/sim/simulated-board.ts'
import { createSimulatedBus, type SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'

export interface PluggedBoard extends AsyncDisposable {
  readonly clock: Clock
  readonly bus: SimulatedBus
  readonly board: SimulatedBoard
  /** The device that is on the bus now, or the next one that arrives. */
  device(): Promise<UsbDevice>
  /** The next device that arrives. */
  nextDevice(): Promise<UsbDevice>
}

export interface Wanted {
  readonly platform: 'photon' | 'boron' | 'p2'
  readonly start?: 'normal' | 'dfu'
  readonly deviceOs?: string
  readonly faults?: readonly string[]
  readonly protected?: boolean | 'service'
  readonly dfuStart?: DfuStart
}

const waitMs = 60_000

export function plugBoard({ dfuStart, ...entry }: Wanted): PluggedBoard {
  const file = { format: 'dfu-station-bench', version: 1, boards: [entry] }
  const [placed] = parseBenchFile(JSON.stringify(file))
  if (placed?.kind !== 'board') throw new Error('no board on the bench')
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed: 1 })
  const board = createSimulatedBoard(dfuStart ? { ...placed.spec, dfuStart } : placed.spec)
  bus.plug(placed.portPath, board)
  const nextDevice = () => {
    const { promise, resolve, reject } = Promise.withResolvers<UsbDevice>()
    const stop = bus.watch((event) => {
      if (event.kind === 'arrived') resolve(event.device)
    })
    clock.sleep(waitMs).then(() => reject(new Error('no device arrived')), reject)
    return promise.finally(stop)
  }
  const device = async () => bus.devices()[0] ?? nextDevice()
  return { clock, bus, board, device, nextDevice, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
}
