// Between the jobs and the ledger: a closing that cannot be written now is tried again, and is kept when nobody waits
// for it any more. The account of a board is lost only when the station ends with a ledger that still refuses it.
import { asFault, type Fault, type FaultReport } from '../../shared/fault/fault.ts'
import type { RecordClosing, RecordSummary } from '../../shared/model/record.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { Clock, Log, RecordSink } from '../station/ports.ts'

/** A job waits 30 s; a ledger that is held takes up to 2 s to refuse. */
const pausesMs = [500, 1_000, 2_000, 4_000, 4_000] as const
/** Nobody waits any more: a disk that is freed, a backup that ends. */
const laterMs = 10_000

export interface RecordKeeper {
  /** `close` rejects with the ledger's fault within 25 s; the closing is kept all the same. */
  readonly sink: RecordSink
  /** Writes what is kept, then closes what is still open as interrupted. Throws when what is kept cannot be written. */
  closeInterrupted(fault: FaultReport): readonly RecordSummary[]
  [Symbol.dispose](): void
}

export interface RecordKeeperOptions {
  readonly ledger: Pick<Ledger, 'openRecord' | 'closeRecord' | 'closeInterrupted'>
  readonly clock: Clock
  readonly log: Log
  /** After the commit of a closing that a job gave. */
  readonly onClosed: (closing: RecordClosing) => void
}

interface Kept {
  readonly closing: RecordClosing
  readonly answer: PromiseWithResolvers<void>
}

export function keepRecords(options: RecordKeeperOptions): RecordKeeper {
  const { ledger } = options
  const kept = new Set<Kept>()
  const ending = new AbortController()
  let isTrying = false
  const tryUntilWritten = async () => {
    isTrying = true
    for (let tries = 0; ; tries += 1) {
      const refused = writeKept(options, kept)
      if (!refused) break
      if (tries >= pausesMs.length) giveUpWaiting(kept, refused)
      await options.clock.sleep(pausesMs[tries] ?? laterMs, ending.signal)
    }
    isTrying = false
  }
  const mustWriteKept = () => {
    const refused = writeKept(options, kept)
    if (refused) throw refused
  }
  return {
    sink: {
      open: async (opening) => {
        mustWriteKept()
        return ledger.openRecord(opening)
      },
      close: (closing) => {
        const answer = Promise.withResolvers<void>()
        // Whoever waited for it is told by a rejection; when nobody waits any more, that is nobody's error.
        answer.promise.catch(() => undefined)
        kept.add({ closing, answer })
        if (!isTrying) tryUntilWritten().catch(() => undefined)
        return answer.promise
      },
    },
    closeInterrupted: (fault) => {
      mustWriteKept()
      return ledger.closeInterrupted(fault)
    },
    [Symbol.dispose]: () => {
      ending.abort()
      for (const { closing } of kept)
        options.log.error(`record ${closing.recordId} could not be closed with its outcome`)
    },
  }
}

/** No job waits longer; the closings stay kept. */
function giveUpWaiting(kept: ReadonlySet<Kept>, refused: Fault): void {
  for (const { answer } of kept) answer.reject(refused)
}

/** All that is kept, oldest first; the fault of a ledger that refuses to be written, or null when nothing is kept now. */
function writeKept({ ledger, log, onClosed }: RecordKeeperOptions, kept: Set<Kept>): Fault | null {
  for (const entry of kept) {
    const { closing, answer } = entry
    try {
      ledger.closeRecord(closing)
    } catch (thrown) {
      const fault = asFault(thrown)
      // Written already, never opened, damaged: no patience mends that.
      if (fault.code === 'LEDGER_UNWRITABLE') return fault
      log.error(fault.message)
      kept.delete(entry)
      answer.reject(fault)
      continue
    }
    kept.delete(entry)
    answer.resolve()
    tellClosed(onClosed, closing, log)
  }
  return null
}

/** It is committed: whoever fails on hearing of it changes nothing. */
function tellClosed(onClosed: RecordKeeperOptions['onClosed'], closing: RecordClosing, log: Log): void {
  try {
    onClosed(closing)
  } catch (thrown) {
    log.error(`record ${closing.recordId} is closed and was not told: ${asFault(thrown).message}`)
  }
}
