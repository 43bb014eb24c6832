// The real clock. The only place in the product that may set a timer by itself.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted()
    try {
      await delay(ms, undefined, signal ? { signal } : undefined)
    } catch (thrown) {
      signal?.throwIfAborted()
      throw thrown
    }
  },
}
