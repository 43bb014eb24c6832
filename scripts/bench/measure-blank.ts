// What blank flash spares: the engine looks at a range and writes it, as a job does, over another firmware and over flash
// that is blank without its knowing. In virtual time: these are the board's figures and the engine's requests, exactly.
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { type BenchPlatform, benchPlatforms, systemPart, titles } from './firmware.ts'
import { plugInDfu } from './plug-in-dfu.ts'
import { type Measure, measured } from './results.ts'

interface Cost {
  readonly transfers: number
  readonly ms: number
  readonly sectorsErased: number
}

export async function measureBlank(): Promise<readonly Measure[]> {
  const rows: Measure[] = []
  for (const platform of benchPlatforms) rows.push(...(await measureFamily(platform)))
  return rows
}

async function measureFamily(platform: BenchPlatform): Promise<readonly Measure[]> {
  const over = await cost(platform, 'another firmware')
  const blank = await cost(platform, 'blank')
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const told = ({ transfers, ms, sectorsErased }: Cost) =>
    `${transfers} transfers, ${sectorsErased} sectors erased, ${seconds(ms)}`
  const note = `${told(blank)}; over another firmware ${told(over)}`
  const name = `${titles[platform]}: blank flash beside another firmware`
  return [
    measured({ name: `${name}, time`, unit: 'x', values: [blank.ms / over.ms] }, { note }),
    measured({ name: `${name}, transfers`, unit: 'x', values: [blank.transfers / over.transfers] }),
  ]
}

async function cost(platform: BenchPlatform, before: 'another firmware' | 'blank'): Promise<Cost> {
  const clock = createVirtualClock()
  await using plugged = await plugInDfu(platform, clock)
  const { board, session } = plugged
  const { address, data } = systemPart(platform)
  const another = data.map((byte) => ~byte)
  const { internal } = board.chips
  for (let at = address; at < address + data.length; ) {
    const sector = internal.sectorAt(at)
    internal.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
  if (before === 'another firmware') internal.program(address, another)
  const place = { alternate: 0, address }
  const from = { account: board.account(), atMs: clock.monotonic() }
  const { held } = await session.look({ ...place, expected: data, mayHold: true })
  await session.write({ ...place, data, held })
  const { transfers, sectorsErased } = board.account()
  return {
    transfers: transfers - from.account.transfers,
    sectorsErased: sectorsErased - from.account.sectorsErased,
    ms: clock.monotonic() - from.atMs,
  }
}
