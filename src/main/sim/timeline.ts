// A board's own time in real-speed milliseconds on top of a clock and a speed factor. What an operating system timer
// overshoots is carried over to the next wait, so sums stay exact while each single wait is never short. Speed 0 means
// that no wait takes any time at all, only a few turns of the event loop.
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../station/ports.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** More lateness than this (a suspended machine) is not caught up. Wall milliseconds. */
const mostLateMs = 250
/** Without time a board in the host's own process would else let nobody else have a turn until its job is done. */
const skipsPerTurn = 32
/** Below this a rest is rounding, not time. */
const epsilonMs = 1e-6

export interface WaitLimits {
  /** Any of them ends the wait; it then rejects with that signal's reason. */
  readonly signals: readonly AbortSignal[]
  /** Of the clock's monotonic time. */
  readonly deadlineWallMs: number
}

export interface Timeline {
  /** The board's time. */
  nowMs(): number
  /** The clock's time, for deadlines of the host. */
  wallMs(): number
  readonly speed: number
  /** Waits until the board's time is `boardMs` (Infinity: for ever), at most until the deadline. */
  until(boardMs: number, limits: WaitLimits): Promise<'reached' | 'deadline'>
  /**
   * The same for what a host waits for. Without time (speed 0) it is there at once when nothing else comes before it: a
   * benchmark of hosts would else measure the turns of this event loop.
   */
  pass(boardMs: number, limits: WaitLimits): Promise<'reached' | 'deadline'> | 'reached'
}

export function createTimeline(clock: Clock, speed: number): Timeline {
  return speed === 0 ? timelessTimeline() : pacedTimeline(clock, speed)
}

function pacedTimeline(clock: Clock, speed: number): Timeline {
  const origin = clock.monotonic()
  const waiting = new Set<{ readonly boardMs: number }>()
  let lateMs = 0
  /** The board's time never goes back, whatever lateness is carried. */
  let seenMs = 0
  const clockNow = () => (clock.monotonic() - origin) * speed
  const hasEarlier = (boardMs: number) => [...waiting].some((other) => other.boardMs < boardMs)

  const sleepUntil = async (boardMs: number, { signals, deadlineWallMs }: WaitLimits) => {
    let leftMs = (boardMs - clockNow()) / speed
    if (leftMs <= epsilonMs) await turn()
    while (leftMs > epsilonMs) {
      const allowedMs = deadlineWallMs - clock.monotonic()
      if (allowedMs <= epsilonMs) return 'deadline'
      await sleepUnlessAborted(clock, Math.min(leftMs, allowedMs), signals)
      leftMs = (boardMs - clockNow()) / speed
    }
    return 'reached'
  }

  const timeline: Timeline = {
    speed,
    wallMs: () => clock.monotonic(),
    nowMs: () => {
      seenMs = Math.max(seenMs, clockNow() - lateMs)
      return seenMs
    },
    until: async (boardMs, limits) => {
      throwIfAborted(limits.signals)
      const own = { boardMs }
      waiting.add(own)
      try {
        if ((await sleepUntil(boardMs, limits)) === 'deadline') return 'deadline'
        // A late computer has several events overdue at once: they come in the order of the board's time.
        while (hasEarlier(boardMs)) await turn()
        throwIfAborted(limits.signals)
        seenMs = Math.max(seenMs, boardMs)
        lateMs = Math.min(Math.max(0, clockNow() - seenMs), mostLateMs * speed)
        return 'reached'
      } finally {
        waiting.delete(own)
      }
    },
    pass: (boardMs, limits) => timeline.until(boardMs, limits),
  }
  return timeline
}

/** Events in their order, each as soon as nothing else happens before it; the host's deadlines shrink alike. */
function timelessTimeline(): Timeline {
  const clock = createVirtualClock({ idleTurns: 1, waitsForFiles: false })
  const timeline = pacedTimeline(clock, 1)
  let skips = 0
  return {
    ...timeline,
    speed: 0,
    pass: (boardMs, limits) => {
      throwIfAborted(limits.signals)
      skips = (skips + 1) % skipsPerTurn
      const maySkip = skips > 0 && boardMs <= limits.deadlineWallMs
      return maySkip && clock.skipTo(boardMs) ? 'reached' : timeline.until(boardMs, limits)
    },
  }
}

function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) signal.throwIfAborted()
}

/** One signal out of several for one sleep; AbortSignal.any would keep a chain alive for every transfer. */
async function sleepUnlessAborted(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
  try {
    await clock.sleep(ms, stop.signal)
  } catch (thrown) {
    throwIfAborted(signals)
    throw thrown
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort)
  }
}
