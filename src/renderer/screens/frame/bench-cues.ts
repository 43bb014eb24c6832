// When the bench makes which sound. Verdicts of one moment become one cue, and fail wins; fail comes again every ten
// seconds, at most for a minute, until somebody touches the screen. Every cue has a tile that says the same.
import type { SlotState } from '../../../shared/model/slot.ts'
import type { Later } from '../../station/later.ts'
import type { BenchMirror } from '../../station/mirror.ts'
import type { Cue } from '../../ui/sounds.ts'

const mergeMs = 300
const repeatMs = 10_000
const mostRepeats = 5

interface BenchCuesOptions {
  readonly mirror: BenchMirror
  readonly later: Later
  readonly play: (cue: Cue) => void
}

export interface BenchCues {
  /** Somebody is here: the failure has been noticed. */
  acknowledge(): void
  stop(): void
}

const bad: ReadonlySet<SlotState> = new Set(['failed', 'error', 'interrupted', 'refused'])

export function startBenchCues({ mirror, later, play }: BenchCuesOptions): BenchCues {
  let before = statesOf(mirror)
  let pending: Cue | null = null
  let forgetMerge = () => {}
  let forgetRepeat = () => {}
  const repeat = (left: number) => {
    forgetRepeat()
    if (left > 0) {
      forgetRepeat = later(repeatMs, () => {
        play('fail')
        repeat(left - 1)
      })
    }
  }
  const sound = () => {
    const cue = pending
    pending = null
    if (cue === null) return
    play(cue)
    if (cue === 'fail') repeat(mostRepeats)
  }
  const unsubscribe = mirror.subscribe(() => {
    const after = statesOf(mirror)
    const cue = before.size === 0 ? null : cueOf(before, after)
    before = after
    if (cue === null) return
    if (pending === null) forgetMerge = later(mergeMs, sound)
    pending = pending === 'fail' ? 'fail' : cue
  })
  return {
    acknowledge: () => forgetRepeat(),
    stop() {
      unsubscribe()
      forgetMerge()
      forgetRepeat()
    },
  }
}

type States = ReadonlyMap<number, SlotState>

function statesOf(mirror: BenchMirror): States {
  return new Map(mirror.slots().map((view) => [view.slot, view.state]))
}

function cueOf(before: States, after: States): Cue | null {
  const changed = [...after].filter(([slot, state]) => before.get(slot) !== state).map(([, state]) => state)
  if (changed.some((state) => bad.has(state))) return 'fail'
  return changed.includes('passed') ? 'pass' : null
}
