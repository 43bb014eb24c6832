// When is a bench done? Slots settle one after another; these are the words for it that devices, identify and flash
// share.
import type { BenchFrame, SlotState, SlotView } from '../../shared/model/slot.ts'
import { parseBench } from '../sim/bench-spec.ts'

const inMotion: ReadonlySet<SlotState> = new Set(['identifying', 'ready', 'working'])
const hasNoBoard: ReadonlySet<SlotState> = new Set(['empty', 'off'])

const hasVerdict: ReadonlySet<SlotState> = new Set(['passed', 'failed', 'error', 'aborted', 'interrupted', 'refused'])

export function isInMotion(view: SlotView): boolean {
  return inMotion.has(view.state)
}

/** Ready, and not started before a person has said which product it is. */
export function isWaiting({ state, question }: SlotView): boolean {
  return state === 'ready' && question !== null
}

/** The job is over, or there will be none. */
export function isSettled(view: SlotView): boolean {
  return hasVerdict.has(view.state)
}

export function hasBoard(view: SlotView): boolean {
  return !hasNoBoard.has(view.state)
}

/** How many boards a simulated bench has. Throws CALL_REJECTED naming what is wrong with the spec. */
export function countBoards(sim: string): number {
  return parseBench(sim).length
}

/** Likewise, without the other devices that it has. */
export function countParticleBoards(sim: string): number {
  return parseBench(sim).filter(({ kind }) => kind === 'board').length
}

/** The whole bench out of frames that replace single slots. */
export function followBench(): { take(frame: BenchFrame): void; slots(): readonly SlotView[] } {
  const slots = new Map<number, SlotView>()
  return {
    take: (frame) => {
      if (frame.full) slots.clear()
      for (const view of frame.slots) slots.set(view.slot, view)
    },
    slots: () => [...slots.values()].sort((a, b) => a.slot - b.slot),
  }
}
