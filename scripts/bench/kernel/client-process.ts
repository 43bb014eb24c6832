// One DFU client in a process of its own, so that no client pays for another's libusb. It is named on the command line,
// obeys orders, and times them itself: what the order's way here costs is nobody's.
import { readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { bareClient } from './bare-client.ts'
import type { ClientName, ClientOrder, ClientReport, DfuClient } from './dfu-client.ts'
import { particleUsbClient } from './particle-usb-client.ts'
import type { RawRates } from './peer-act.ts'
import { stationClient } from './station-client.ts'

const bare = bareClient(process.argv[2] === 'queued')
const clients: Readonly<Record<ClientName, () => DfuClient | Promise<DfuClient>>> = {
  'particle-usb': particleUsbClient,
  station: stationClient,
  bare: () => bare,
  queued: () => bare,
}
const client = await clients[process.argv[2] as ClientName]()

async function timed<T>(act: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const startedMs = performance.now()
  const value = await act()
  return { ms: performance.now() - startedMs, value }
}

async function obey(order: ClientOrder): Promise<ClientReport | RawRates> {
  const { ms: openMs } = await timed(() => client.open())
  const rates = order.act === 'rates' ? await bare.rates() : null
  const { ms: workMs, value } = await timed(() => work(order))
  const { ms: closeMs } = await timed(() => client.close())
  if (order.act === 'read-back' && value) writeFileSync(order.file, value)
  return rates ?? { openMs, workMs, closeMs }
}

async function work(order: ClientOrder): Promise<Uint8Array | null> {
  if (order.act === 'read-back') return client.readBack(order.sizeBytes)
  if (order.act === 'download') await client.download(readFileSync(order.file))
  return null
}

process.on('message', (order: ClientOrder) => {
  obey(order).then(
    (report) => process.send?.(report),
    (thrown: unknown) => process.send?.({ refused: thrown instanceof Error ? thrown.stack : String(thrown) }),
  )
})
process.on('disconnect', () => process.exit(0))
