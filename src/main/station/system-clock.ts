// The real clock. The only place in the product that may set a timer by itself.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './ports.ts'

/** A timer of Node that is set to more than this ends at once. */
const longestTimerMs = 2 ** 31 - 1

/** A timer of Node may end most of a millisecond early; a device that is asked before its bwPollTimeout is over may fail. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    const endsAt = performance.now() + ms
    let leftMs = ms
    do {
      signal?.throwIfAborted()
      await rest(Math.min(Math.ceil(leftMs), longestTimerMs), signal)
      leftMs = endsAt - performance.now()
    } while (leftMs > 0)
  },
}

async function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : undefined)
  } catch (thrown) {
    signal?.throwIfAborted()
    throw thrown
  }
}
