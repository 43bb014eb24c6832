// How the state of a slot looks: one tone (the fill and outline), one glyph, one word. Never the colour alone.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { JobView, SlotState, SlotView } from '../../../shared/model/slot.ts'
import { states } from '../../text/bench.ts'
import { verdictLook } from '../../text/outcome-look.ts'
import type { GlyphName } from '../../ui/glyph.tsx'
import { faultOf } from './hands.ts'
import { needsFinger } from './needs-finger.ts'
import { asks } from './slot-acts.ts'
import { verdictOf } from './verdict-of.ts'

/** Fill and outline of a tile, as theme/tokens.css names its colours. */
export type Tone = 'empty' | 'calm' | 'run' | 'act' | 'ask' | 'pass' | 'already' | 'known' | 'warn' | 'fail' | 'off'

export interface SlotLook {
  readonly tone: Tone
  readonly glyph: GlyphName
  readonly word: string
}

/** `isLearning`: this slot waits for a board to be plugged in, so that its port is learnt. */
export function lookOf(view: SlotView, isLearning: boolean): SlotLook {
  if (isLearning) return { tone: 'act', glyph: 'hand', word: states.learning }
  if (view.state === 'working' && view.job !== null) return workingLook(view.job)
  if (asks(view)) return { tone: 'ask', glyph: 'question', word: states.asking }
  if (needsFinger(faultOf(view))) return { tone: 'act', glyph: 'hand', word: byHandWord(view) }
  const isJudged = (view.state === 'passed' || view.state === 'failed') && view.job !== null
  return isJudged && view.job.outcome !== null ? verdictLook(verdictOf(view.job)) : plainLook(view.state)
}

/** Of a board whose buttons nobody here knows, none is named. */
function byHandWord({ board }: SlotView): string {
  return board?.kind === 'particle' ? states.byHand : states.byHandDevice
}

function plainLook(state: SlotState): SlotLook {
  switch (state) {
    case 'empty':
      return { tone: 'empty', glyph: 'circle', word: states.empty }
    case 'identifying':
      return { tone: 'calm', glyph: 'search', word: states.identifying }
    case 'ready':
      return { tone: 'calm', glyph: 'dot', word: states.ready }
    case 'working':
      return { tone: 'run', glyph: 'play', word: states.flashing }
    case 'passed':
      return { tone: 'pass', glyph: 'check', word: states.passed }
    case 'failed':
      return { tone: 'fail', glyph: 'octagon', word: states.failed }
    case 'error':
      return { tone: 'warn', glyph: 'triangle', word: states.error }
    case 'aborted':
      return { tone: 'warn', glyph: 'square', word: states.aborted }
    case 'interrupted':
      return { tone: 'warn', glyph: 'bolt', word: states.interrupted }
    case 'refused':
      return { tone: 'warn', glyph: 'diamond', word: states.refused }
    case 'off':
      return { tone: 'off', glyph: 'slash', word: states.off }
    default:
      return assertNever(state)
  }
}

function workingLook(job: JobView): SlotLook {
  const stepKind = job.progress?.stepKind
  const isVerifying = stepKind === 'verify' || stepKind === 'prove'
  const isErasing = stepKind === 'mass-erase' || stepKind === 'unprotect'
  if (job.job === 'identify') return { tone: 'run', glyph: 'search', word: states.identifying }
  if (job.job === 'verify') return { tone: 'run', glyph: 'play', word: states.checking }
  if (isErasing) return { tone: 'run', glyph: 'play', word: states.erasing }
  return { tone: 'run', glyph: 'play', word: isVerifying ? states.verifying : states.flashing }
}
