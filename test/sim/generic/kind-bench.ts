// One device of a kind on a bench under a virtual clock.
import { parseBenchFile } from '../../../src/main/sim/bench-spec.ts'
import type { DeviceKindName } from '../../../src/main/sim/generic/device-kinds.ts'
import { createDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import type { DfuBench } from './dfu-bench.ts'

interface Wanted {
  readonly start?: 'normal' | 'dfu'
  readonly serial?: string
  /** As a bench file words it. */
  readonly device?: object
  readonly speed?: number
}

export function kindBench(platform: DeviceKindName, { speed = 1, ...wanted }: Wanted = {}): DfuBench {
  const boards = [{ platform, ...wanted }]
  const [placed] = parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
  if (placed?.kind !== 'dfu-device') throw new Error('no device on the bench')
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed })
  const device = createDfuDevice(placed.spec)
  bus.plug(placed.portPath, device)
  return { clock, bus, device, portPath: placed.portPath }
}
