// Packs that a person opened outside of the window: by a file, a link, or a second start. What comes before the station
// stands is kept for it, the last one only.
import type { AskedPack } from './pack-word.ts'

export interface PackInbox {
  put(asked: AskedPack | null): void
  /** From now on, and at once what was kept. */
  deliverTo(open: (asked: AskedPack) => void): void
}

export function createPackInbox(): PackInbox {
  let kept: AskedPack | null = null
  let deliver: ((asked: AskedPack) => void) | null = null
  return {
    put: (asked) => {
      if (!asked) return
      // Boards are being flashed with something already: a person says whether that may change.
      if (deliver) deliver({ ...asked, mustAsk: true })
      else kept = asked
    },
    deliverTo: (open) => {
      deliver = open
      if (kept) open(kept)
      kept = null
    },
  }
}
