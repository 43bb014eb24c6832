// Everybody who waits for news of the desk that no feed of the contract carries. A listener that fails is logged and
// changes nothing: what is told here has happened already.
import { asFault } from '../../shared/fault/fault.ts'
import type { ImportProgress } from '../../shared/model/firmware-view.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { Log } from '../station/ports.ts'

type Listeners<T> = Set<(value: T) => void>

export interface DeskListeners {
  readonly imports: Listeners<ImportProgress>
  readonly records: Listeners<LedgerRecord>
  readonly benchDone: Listeners<null>
  /** Something about packs has changed. */
  readonly packs: Listeners<null>
  tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void
}

export function createDeskListeners(log: Log): DeskListeners {
  return {
    imports: new Set(),
    records: new Set(),
    benchDone: new Set(),
    packs: new Set(),
    tell: (listeners, value) => {
      for (const listener of [...listeners]) {
        try {
          listener(value)
        } catch (thrown) {
          log.error(`a listener of the desk failed: ${asFault(thrown).detail}`)
        }
      }
    },
  }
}

/** Returns the stop. */
export function listen<T>(listeners: Listeners<T>, listener: (value: T) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
