// Does the USB process still live? It says so every 2 s; one that says nothing hangs, in a driver or in the kernel, and
// will never say that it does. It must not know what is done about it.
import type { Clock } from '../station/ports.ts'

/** Long enough for a computer under load, short enough for a line that waits. */
const silenceMs = 15_000
/** Loading and opening USB may take its time until the process is ready. */
const startSilenceMs = 30_000
const lookMs = 1_000

export interface SignOfLife {
  /** It said something. */
  heard(): void
  /** It has begun: from now on less patience. */
  began(): void
  /** Resolves with the milliseconds of silence once it is too long; never after `signal`, it rejects then. */
  lost(signal: AbortSignal): Promise<number>
}

export function watchSignOfLife(clock: Clock): SignOfLife {
  let silentMs = 0
  let longestMs: number = startSilenceMs
  return {
    heard: () => {
      silentMs = 0
    },
    began: () => {
      longestMs = silenceMs
    },
    lost: async (signal) => {
      // Looks are counted, not time: after a sleep of the computer, or when the owner itself was held up, what the
      // process said meanwhile is still on the line and must be heard first.
      while (silentMs < longestMs) {
        await clock.sleep(lookMs, signal)
        silentMs += lookMs
      }
      return silentMs
    },
  }
}
