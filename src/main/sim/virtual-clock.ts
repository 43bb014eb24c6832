// A clock whose time jumps to the next timer once the process has nothing else to do, so that ten minutes of erasing
// take a millisecond. "Nothing else to do": several turns of the event loop in which no sleep began or ended and no
// file access is under way.
import type { Clock } from '../station/ports.ts'

interface Sleeper {
  readonly dueMs: number
  readonly order: number
  readonly wake: () => void
}

interface VirtualClockOptions {
  /** Turns of the event loop without news before time may jump. */
  readonly idleTurns: number
  /** Whether time stands still while files are read or written. */
  readonly waitsForFiles: boolean
}

export interface VirtualClock extends Clock {
  /** Moves time there at once, unless a sleeper is due before, or then; says whether it did. */
  skipTo(monotonicMs: number): boolean
}

/** 2026-01-01, so that records made under this clock look like records. */
const epochMs = Date.UTC(2026, 0, 1)

const patient: VirtualClockOptions = { idleTurns: 4, waitsForFiles: true }

export function createVirtualClock({ idleTurns, waitsForFiles } = patient): VirtualClock {
  const sleepers = new Set<Sleeper>()
  const state = { elapsedMs: 0, changes: 0, isPumping: false }

  const pump = (seenChanges: number, idle: number): void => {
    state.isPumping = sleepers.size > 0
    if (!state.isPumping) return
    const isQuiet = seenChanges === state.changes && !(waitsForFiles && hasFileAccess())
    if (isQuiet && idle >= idleTurns) wakeNext()
    setImmediate(pump, state.changes, isQuiet && idle < idleTurns ? idle + 1 : 0)
  }
  const wakeNext = (): void => {
    const next = [...sleepers].reduce((a, b) => (isBefore(b, a) ? b : a))
    state.elapsedMs = Math.max(state.elapsedMs, next.dueMs)
    state.changes += 1
    sleepers.delete(next)
    next.wake()
  }
  const add = (sleeper: Sleeper): void => {
    sleepers.add(sleeper)
    state.changes += 1
    if (state.isPumping) return
    state.isPumping = true
    setImmediate(pump, state.changes, 0)
  }
  return {
    now: () => epochMs + Math.round(state.elapsedMs),
    monotonic: () => state.elapsedMs,
    skipTo: (monotonicMs) => {
      for (const { dueMs } of sleepers) if (dueMs <= monotonicMs) return false
      state.elapsedMs = Math.max(state.elapsedMs, monotonicMs)
      return true
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const sleeper = { dueMs: state.elapsedMs + Math.max(0, ms), order: state.changes, wake: resolve }
      const onAbort = () => {
        sleepers.delete(sleeper)
        state.changes += 1
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      add(sleeper)
      await promise.finally(() => signal?.removeEventListener('abort', onAbort))
    },
  }
}

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}

function hasFileAccess(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.includes('Req'))
}
