// Control transfers that the DFU engine sends for 4 KiB, by family, counted by the simulated board's own account. Time
// plays no part here, so it runs on a virtual clock.
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { DfuSession } from '../../src/main/station/dfu/session.ts'
import { type BenchPlatform, benchPlatforms, systemPart, titles } from './firmware.ts'
import { plugInDfu } from './plug-in-dfu.ts'
import { atMost, type Measure, measured, type Section } from './results.ts'

const blockBytes = 4096

/** What the standard needs: 3 a block, 3 an erased page; a page of the Photon has 32 blocks. */
const aims: Readonly<Record<BenchPlatform, number>> = { boron: 6, p2: 6, photon: 3 + 3 / 32 }
/** A run costs its address (3 transfers) and the way into the memory once: a share of a transfer over a whole part. */
const onceShare = 0.15

export async function measureTransfers(): Promise<Section> {
  const rows: Measure[] = []
  for (const platform of benchPlatforms) rows.push(...(await measureFamily(platform)))
  return {
    title: 'Control transfers for 4 KiB of a system part',
    about:
      'Counted by the simulated board while the DFU engine writes a whole system part, address and memory change included.',
    measures: rows,
    skipped: null,
  }
}

async function measureFamily(platform: BenchPlatform): Promise<readonly Measure[]> {
  await using plugged = await plugInDfu(platform, createVirtualClock())
  const { board, session } = plugged
  const { address, data } = systemPart(platform)
  const place = { alternate: 0, address }
  const blocks = data.length / blockBytes
  const count = async (act: (session: DfuSession) => Promise<unknown>) => {
    const before = board.account().transfers
    await act(session)
    return (board.account().transfers - before) / blocks
  }
  const name = titles[platform]
  const written = await count((dfu) => dfu.write({ ...place, data }))
  const read = await count(async (dfu) => {
    const found = await dfu.compare({ ...place, expected: data })
    if (!found.equal) throw new Error(`${platform}: the board does not hold what was written`)
  })
  // Blank by an erase of this visit; the write must then send no erase of its own.
  await session.erase({ ...place, sizeBytes: data.length })
  const blank = await count((dfu) => dfu.write({ ...place, data }))
  const size = `${data.length} bytes`
  return [
    row(`${name}: write with erase`, written, { aim: aims[platform], note: size }),
    row(`${name}: write where the page is known to be blank`, blank, { aim: 3, note: size }),
    row(`${name}: read back`, read, { aim: 1, note: size }),
  ]
}

function row(name: string, value: number, { aim, note }: { readonly aim: number; readonly note: string }): Measure {
  const judged = { aim: atMost(aim + onceShare, 'worst', aim.toFixed(1)), note }
  return measured({ name, unit: 'transfers / 4 KiB', values: [value] }, judged)
}
