import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'

describe('a virtual clock', () => {
  it('jumps over ten minutes in a moment', async () => {
    const clock = createVirtualClock()
    const before = performance.now()
    const beforeUtc = clock.now()
    await clock.sleep(600_000)
    expect(clock.monotonic()).toBe(600_000)
    expect(clock.now() - beforeUtc).toBe(600_000)
    expect(performance.now() - before).toBeLessThan(1000)
  })

  it('wakes sleepers in the order of their times, also those that go to sleep meanwhile', async () => {
    const clock = createVirtualClock()
    const order: string[] = []
    const sleeper = async (name: string, ...pauses: number[]) => {
      for (const ms of pauses) {
        await clock.sleep(ms)
        order.push(`${name} ${clock.monotonic()}`)
      }
    }
    await Promise.all([sleeper('a', 10, 10, 10), sleeper('b', 15, 1), sleeper('c', 30)])
    expect(order).toEqual(['a 10', 'b 15', 'b 16', 'a 20', 'c 30', 'a 30'])
  })

  it('does not jump while a file is being read', async () => {
    const clock = createVirtualClock()
    const deadline = new AbortController()
    const late = clock.sleep(5000, deadline.signal).then(
      () => 'deadline first',
      () => 'file first',
    )
    await readFile(new URL(import.meta.url))
    deadline.abort()
    expect(await late).toBe('file first')
  })

  it('rejects with the reason of the signal', async () => {
    const clock = createVirtualClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(1000, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(sleeping).rejects.toThrow('stopped')
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('stopped')
    expect(clock.monotonic()).toBe(0)
  })
})
