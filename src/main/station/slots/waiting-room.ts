// Waiting until something is so: whoever changes it calls `changed`, whoever waits looks again. The one place where
// slots, ports and people wait for each other.
import type { Clock } from '../ports.ts'

export interface WaitingRoom {
  changed(): void
  /** The first look that is not null. Waits as long as it takes: for people, not for boards. */
  until<T>(look: () => T | null, signal: AbortSignal): Promise<T>
  /** Likewise, but null once `timeoutMs` have passed. */
  untilOrNull<T>(look: () => T | null, wait: Wait): Promise<T | null>
}

export interface Wait {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

export function openWaitingRoom(): WaitingRoom {
  const waiting = new Set<() => void>()
  const until = async <T>(look: () => T | null, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted()
    const found = Promise.withResolvers<T>()
    const lookAgain = () => {
      const value = look()
      if (value !== null) found.resolve(value)
    }
    const giveUp = () => found.reject(signal.reason)
    waiting.add(lookAgain)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      lookAgain()
      return await found.promise
    } finally {
      waiting.delete(lookAgain)
      signal.removeEventListener('abort', giveUp)
    }
  }
  return {
    changed: () => {
      for (const lookAgain of [...waiting]) lookAgain()
    },
    until,
    untilOrNull: async (look, wait) => {
      const ending = new AbortController()
      const signal = AbortSignal.any([wait.signal, ending.signal])
      const timeout = wait.clock.sleep(wait.timeoutMs, signal).then(() => null)
      const looking = until(look, signal)
      timeout.catch(() => undefined)
      looking.catch(() => undefined)
      try {
        return await Promise.race([looking, timeout])
      } finally {
        ending.abort()
      }
    },
  }
}
