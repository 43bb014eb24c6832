// The mirror of the bench: the last frame of each slot and of the station, by identity, so that one slot's progress
// re-renders one card. It holds no truth: a gap in the revisions is answered by watching anew, which brings a full frame.
import type { StationLink } from '../../shared/contract/contract.ts'
import type { BenchFrame, SlotView, StationView } from '../../shared/model/slot.ts'
import { createFailureMemory } from './failure-memory.ts'

export interface BenchMirror {
  /** Called after each frame that changed something. */
  subscribe(listener: () => void): () => void
  /** Null until the first full frame. Keeps its identity while nothing in it changes. */
  station(): StationView | null
  slot(slot: number): SlotView | null
  /** In bench order; a new array whenever a slot changed. */
  slots(): readonly SlotView[]
  /** The board in this slot has failed in an earlier job, as far as this page saw. */
  failedBefore(slot: number): boolean
  /** Keeps its identity while the bench keeps its size. */
  slotNumbers(): readonly number[]
  close(): void
}

interface Picture {
  readonly revision: number
  readonly station: StationView
  readonly slots: readonly SlotView[]
  readonly numbers: readonly number[]
}

export function mirrorBench(link: StationLink): BenchMirror {
  let picture: Picture | null = null
  const listeners = new Set<() => void>()
  const failures = createFailureMemory()
  const slotOf = (slot: number) => picture?.slots.find((view) => view.slot === slot) ?? null
  const show = (next: Picture) => {
    picture = next
    for (const view of next.slots) failures.note(view)
    for (const listener of listeners) listener()
  }
  const stop = watchWithoutGaps(link, (frame) => {
    const next = applyFrame(picture, frame)
    if (next === null) return 'gap'
    show(next)
    return 'taken'
  })
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    station: () => picture?.station ?? null,
    slot: slotOf,
    failedBefore(slot) {
      const view = slotOf(slot)
      return view !== null && failures.failedBefore(view)
    },
    slots: () => picture?.slots ?? noSlots,
    slotNumbers: () => picture?.numbers ?? noNumbers,
    close: stop,
  }
}

const noSlots: readonly SlotView[] = []
const noNumbers: readonly number[] = []

/** Watches anew after a gap. Frames of an older watch are void, also those that are still on their way. */
function watchWithoutGaps(link: StationLink, take: (frame: BenchFrame) => 'taken' | 'gap'): () => void {
  let generation = 0
  let stop = () => {}
  const start = () => {
    const mine = ++generation
    let isFresh = true
    const stopMine = link.watch('bench', (frame) => {
      if (mine !== generation || (isFresh && !frame.full)) return
      isFresh = false
      if (take(frame) === 'taken') return
      stop()
      start()
    })
    // A link may answer while it is being asked; then a newer watch already stands and this one has ended.
    if (mine === generation) stop = stopMine
    else stopMine()
  }
  start()
  return () => {
    generation += 1
    stop()
  }
}

/** The next picture, or null when frames are missing in between. */
function applyFrame(picture: Picture | null, frame: BenchFrame): Picture | null {
  if (frame.full) return fullPicture(picture, frame)
  if (picture === null || frame.revision !== picture.revision + 1) return null
  const fresh = new Map(frame.slots.map((view) => [view.slot, view]))
  if ([...fresh.keys()].some((slot) => !picture.numbers.includes(slot))) return null
  const slots = fresh.size === 0 ? picture.slots : picture.slots.map((view) => fresh.get(view.slot) ?? view)
  return { ...picture, revision: frame.revision, station: keepEqual(picture.station, frame.station), slots }
}

function fullPicture(before: Picture | null, frame: BenchFrame): Picture {
  const slots = frame.slots.toSorted((a, b) => a.slot - b.slot)
  const numbers = slots.map((view) => view.slot)
  const isSameBench = before !== null && before.numbers.join() === numbers.join()
  return {
    revision: frame.revision,
    station: before === null ? frame.station : keepEqual(before.station, frame.station),
    slots: slots.map((view) =>
      keepEqual(
        before?.slots.find((old) => old.slot === view.slot),
        view,
      ),
    ),
    numbers: isSameBench ? before.numbers : numbers,
  }
}

/** The old value when the new one says the same: frames are plain data, written in one field order by one writer. */
function keepEqual<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after
}
