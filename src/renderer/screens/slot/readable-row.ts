// A value that a board told, or the reason it did not, as one line of facts.
import type { Readable } from '../../../shared/model/identity.ts'
import { slotTexts } from '../../text/slot.ts'
import type { FactRow } from '../../ui/facts.tsx'

export function readable<T>(name: string, value: Readable<T>, text: (value: T) => string = String): FactRow {
  if (!value.known) return { name, value: slotTexts.unreadable(value.reason), isMissing: true }
  return { name, value: text(value.value), isMono: true }
}
