// Which of start, retry and stop a slot allows in its state. The station has the last word; this only says what to offer.
import type { SlotView } from '../../../shared/model/slot.ts'

/** Ready, and not started without a person: nothing says which product it is, and a start says that it is the one. */
export function asks(view: SlotView): boolean {
  return view.state === 'ready' && view.question !== null
}

/** What a start of the whole bench starts: a question is answered for the slot that a person chose, and no other. */
export function startsWithAll(view: SlotView): boolean {
  return canStart(view) && !asks(view)
}

export function canStart(view: SlotView): boolean {
  return view.state === 'ready'
}

/** Started again by hand, with the board still in the slot. */
export function canRetry(view: SlotView): boolean {
  return view.board !== null && retryable.has(view.state)
}

const retryable: ReadonlySet<SlotView['state']> = new Set(['failed', 'error', 'aborted', 'interrupted', 'passed'])

export function canStop(view: SlotView): boolean {
  return view.state === 'working'
}

/** The slots that a key means: the selected one, or all when none is. */
export function meant(slots: readonly SlotView[], selected: number | null): readonly SlotView[] {
  return selected === null ? slots : slots.filter((view) => view.slot === selected)
}

export function slotNumbers(slots: readonly SlotView[]): number[] {
  return slots.map((view) => view.slot)
}
