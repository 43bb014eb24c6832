// Slot numbers typed as digits: one digit goes there at once, a second one soon after makes it a two-digit number.

const joinMs = 900

export interface SlotDigits {
  /** The slot that is meant after this digit, or null when no such slot is. */
  type(digit: string, slots: readonly number[], at: number): number | null
}

export function createSlotDigits(): SlotDigits {
  let before = ''
  let beforeAt = Number.NEGATIVE_INFINITY
  return {
    type(digit, slots, at) {
      const joined = at - beforeAt <= joinMs ? Number(before + digit) : Number.NaN
      beforeAt = at
      if (slots.includes(joined)) {
        before = ''
        return joined
      }
      before = digit
      return slots.includes(Number(digit)) ? Number(digit) : null
    },
  }
}
