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
  const data = order.act === 'download' ? readFileSync(order.file) : null
  const { ms: openMs } = await timed(() => client.open())
  try {
    if (order.act === 'home') return { openMs, workMs: 0 }
    if (order.act === 'rates') return await bare.rates()
    const { ms: workMs, value } = await timed(async () =>
      order.act === 'read-back' ? client.readBack(order.sizeBytes) : client.download(data ?? new Uint8Array()),
    )
    if (order.act === 'read-back' && value) writeFileSync(order.file, value)
    return { openMs, workMs }
  } finally {
    await client.close()
  }
}

process.on('message', (order: ClientOrder) => {
  obey(order).then(
    (report) => process.send?.(report),
    (thrown: unknown) => process.send?.({ refused: thrown instanceof Error ? thrown.stack : String(thrown) }),
  )
})
process.on('disconnect', () => process.exit(0))
