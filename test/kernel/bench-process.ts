// The process in which simulated devices live. It obeys the test that forked it: plug a probe into a port, unplug it, or
// fill the ports with the boards of a bench file.
import { parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { plugBus } from './plug-bus.ts'
import { probeDevice } from './probe-device.ts'
import { endpointZeroOf } from './standard-requests.ts'
import { type PluggedDevice, plug } from './vhci-device.ts'

export type BenchOrder =
  | { readonly act: 'plug'; readonly port: number; readonly productId: number }
  | { readonly act: 'unplug'; readonly port: number }
  | { readonly act: 'simulate'; readonly benchFile: string; readonly speed: number }

const plugged = new Map<number, PluggedDevice>()

async function obey(order: BenchOrder): Promise<void> {
  if (order.act === 'simulate') {
    plugBus(createBench(parseBenchFile(order.benchFile), { clock: systemClock, speed: order.speed }))
    return
  }
  plugged.get(order.port)?.unplug()
  plugged.delete(order.port)
  if (order.act === 'unplug') return
  plugged.set(order.port, await plug(order.port, endpointZeroOf(probeDevice(order.productId))))
}

process.on('message', (order: BenchOrder) => {
  obey(order).then(
    () => process.send?.('done'),
    (thrown: unknown) => process.send?.(String(thrown)),
  )
})
process.on('disconnect', () => process.exit(0))
