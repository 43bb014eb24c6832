// The process in which simulated devices live. It obeys the test that forked it: plug a device into a port, unplug it.
import { probeDevice } from './probe-device.ts'
import { type PluggedDevice, plug } from './vhci-device.ts'

export type BenchOrder =
  | { readonly act: 'plug'; readonly port: number; readonly productId: number }
  | { readonly act: 'unplug'; readonly port: number }

const plugged = new Map<number, PluggedDevice>()

async function obey(order: BenchOrder): Promise<void> {
  plugged.get(order.port)?.unplug()
  plugged.delete(order.port)
  if (order.act === 'plug') plugged.set(order.port, await plug(order.port, probeDevice(order.productId)))
}

process.on('message', (order: BenchOrder) => {
  obey(order).then(
    () => process.send?.('done'),
    (thrown: unknown) => process.send?.(String(thrown)),
  )
})
process.on('disconnect', () => process.exit(0))
