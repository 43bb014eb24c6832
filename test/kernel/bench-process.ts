// The process in which simulated devices live. It obeys the test that forked it: plug a probe into a port, unplug it,
// fill the ports with the boards of a bench file, or tell what those boards did so far.
import { parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { type AccountedBoard, accountedBus } from './accounted-bus.ts'
import { plugBus } from './plug-bus.ts'
import { probeDevice } from './probe-device.ts'
import { endpointZeroOf } from './standard-requests.ts'
import { type PluggedDevice, plug } from './vhci-device.ts'

export type BenchOrder =
  | { readonly act: 'plug'; readonly port: number; readonly productId: number }
  | { readonly act: 'unplug'; readonly port: number }
  | { readonly act: 'simulate'; readonly benchFile: string; readonly speed: number }
  | { readonly act: 'accounts' }

/** The accounts of the simulated boards, in the order of the bench file. */
export type BenchAnswer = 'done' | { readonly accounts: readonly AccountedBoard[] }

const plugged = new Map<number, PluggedDevice>()
const simulated: ReturnType<typeof accountedBus>[] = []

async function obey(order: BenchOrder): Promise<BenchAnswer> {
  if (order.act === 'accounts') {
    return { accounts: simulated.flatMap((bus) => bus.accounts()) }
  }
  if (order.act === 'simulate') {
    const placed = parseBenchFile(order.benchFile)
    const bus = accountedBus(createBench(placed, { clock: systemClock, speed: order.speed }))
    simulated.push(bus)
    plugBus(
      bus,
      placed.map(({ portPath }) => portPath),
    )
    return 'done'
  }
  plugged.get(order.port)?.unplug()
  plugged.delete(order.port)
  if (order.act === 'plug')
    plugged.set(order.port, await plug(order.port, endpointZeroOf(probeDevice(order.productId))))
  return 'done'
}

process.on('message', (order: BenchOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (thrown: unknown) => process.send?.({ refused: String(thrown) }),
  )
})
process.on('disconnect', () => process.exit(0))
