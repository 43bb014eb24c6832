// Every kind of simulated device in a slot: one job, one verdict, and no second job, whatever it does to come back.
import { describe, expect, it } from 'vitest'
import { hasVerdict } from '../../scenarios/station-under-test.ts'
import { imageFor, servedKinds, wishFor } from '../device-jobs/job-bench.ts'
import { deviceBench, deviceRecipe, dfuDevice, port } from './device-bench.ts'

const slotPort = port('1-1.1')

describe.each(['read-back', 'reported'])('a device in a slot, proven by %s,', (verify) => {
  it.each(servedKinds)('%s, keeps its verdict and gets no second job', async (kind) => {
    const bytes = imageFor(kind, 0x0102)
    const wish = wishFor(kind, { loader: 'take', verify })
    const bench = deviceBench({ ports: [slotPort], recipe: deviceRecipe([{ ...wish, bytes }]) })
    bench.bus.plug(slotPort, dfuDevice({ platform: kind }))
    const [slot] = await bench.until(([view]) => view !== undefined && hasVerdict(view))
    await bench.clock.sleep(120_000)
    expect([bench.slot().state, bench.slot().question, bench.records().length]).toEqual([slot?.state, null, 1])
  })
})
