// The two commits of a record, with their deadline: a ledger that does not answer is a ledger that does not write. It
// knows no kind of board.
import { Fault, reportOf } from '../../../shared/fault/fault.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { RecordClosing, RecordOpening } from '../../../shared/model/record.ts'
import type { Clock } from '../ports.ts'
import { ledgerMs } from './deadlines.ts'
import type { JobOrder } from './job-order.ts'

/** Why nothing is known of the board as the job left it. */
export const notReadAgain = 'the job ended before the board was identified again'

type Ledger = Pick<JobOrder, 'records' | 'clock'>

/** Resolves once the record is committed; throws what the ledger throws, or LEDGER_UNWRITABLE past the deadline. */
export async function commitOpening(ledger: Ledger, record: RecordOpening): Promise<RecordId> {
  const opening = ledger.records.open(record)
  try {
    return await inTime(opening, ledger.clock, 'the record was not opened')
  } catch (thrown) {
    // One that is opened after all is closed at once: nothing was done to the board.
    opening.then((recordId) => closeUnused(ledger, recordId)).catch(() => undefined)
    throw thrown
  }
}

/** As commitOpening: when it throws, there is no verdict to tell. */
export async function commitClosing(ledger: Ledger, record: RecordClosing): Promise<void> {
  const closing = ledger.records.close(record)
  closing.catch(() => undefined)
  await inTime(closing, ledger.clock, `record ${record.recordId} was not closed`)
}

function closeUnused({ records, clock }: Ledger, recordId: RecordId): Promise<void> {
  const nothing = {
    ...{ deviceOsAfter: null, deviceOsAfterReason: notReadAgain, iccid: null, imei: null, serialNumber: null },
    ...{ steps: [], modules: [], images: [], deviceAfter: null, modulesAfter: [], modulesAfterReason: notReadAgain },
  } as const
  const fault = reportOf(
    new Fault('LEDGER_UNWRITABLE', 'the record was opened too late; nothing was done to the board'),
  )
  return records.close({ ...nothing, recordId, outcome: 'error', fault, endedAt: clock.now(), durationMs: 0 })
}

async function inTime<T>(work: Promise<T>, clock: Clock, complaint: string): Promise<T> {
  const answered = new AbortController()
  const late = clock.sleep(ledgerMs, answered.signal).then(() => {
    throw new Fault('LEDGER_UNWRITABLE', `${complaint}: no answer in ${ledgerMs} ms`)
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    answered.abort()
  }
}
