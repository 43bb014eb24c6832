// What a slot shows and what the ledger says may part for a moment: the process died between commit and last frame, or
// the closing was written after the job had given it up. The ledger is right.
import type { RecordId } from '../../shared/model/ids.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import { nextSlot } from '../station/slots/slot.ts'

export type ClosingOf = (recordId: RecordId) => LedgerRecord['closing']

/** The verdict that is committed for the job of this slot, where the slot shows none of its own; else the same view. */
export function asCommitted(view: SlotView, closingOf: ClosingOf): SlotView {
  const { state, job, fault } = view
  const isOpen = state === 'working' || (state === 'error' && fault?.code === 'LEDGER_UNWRITABLE')
  const closing = isOpen && job?.recordId ? closingOf(job.recordId) : null
  if (!closing) return view
  const { outcome, fault: committed, durationMs, endedAt } = closing
  return nextSlot(view, { kind: 'finished', outcome, fault: committed, durationMs, endedAt })
}
