// Word and glyph of an outcome, the same on the bench, in History and in a record. What a verdict is called depends on
// the kind of job: a board that was only identified was not judged, one that was only verified was not written.
import type { JobKind } from '../../shared/model/recipe.ts'
import type { Outcome } from '../../shared/model/record.ts'
import type { GlyphName } from '../ui/glyph.tsx'
import { states } from './bench.ts'

interface OutcomeLook {
  readonly glyph: GlyphName
  readonly word: string
}

/** What is known of a job that has ended, or runs. */
export interface Verdict {
  readonly outcome: Outcome | 'open'
  readonly job: JobKind
  readonly alreadyCurrent: boolean
  readonly faultCode: string | null
}

const looks: Readonly<Record<Outcome | 'open', OutcomeLook>> = {
  pass: { glyph: 'check', word: states.passed },
  fail: { glyph: 'octagon', word: states.failed },
  error: { glyph: 'triangle', word: states.error },
  aborted: { glyph: 'square', word: states.aborted },
  interrupted: { glyph: 'bolt', word: states.interrupted },
  open: { glyph: 'play', word: 'RUNNING' },
}

/** The outcome alone, where nothing is known of the job. */
export function outcomeLook(outcome: Outcome | 'open'): OutcomeLook {
  return looks[outcome]
}

/** `tone` names the colours of badges and tiles. */
export function verdictLook(verdict: Verdict): OutcomeLook & { readonly tone: VerdictTone } {
  if (verdict.outcome === 'pass') return passLook(verdict)
  if (verdict.outcome === 'fail' && verdict.faultCode === 'BOARD_DIFFERS') {
    return { glyph: 'unequal', word: states.differs, tone: 'fail' }
  }
  return { ...looks[verdict.outcome], tone: toneOf(verdict.outcome) }
}

export type VerdictTone = 'pass' | 'already' | 'known' | 'fail' | 'warn' | 'run'

function passLook({ job, alreadyCurrent }: Verdict): OutcomeLook & { readonly tone: VerdictTone } {
  if (job === 'identify') return { glyph: 'card', word: states.identified, tone: 'known' }
  if (job === 'verify') return { glyph: 'ring-check', word: states.verified, tone: 'already' }
  if (alreadyCurrent) return { glyph: 'double-check', word: states.alreadyOk, tone: 'already' }
  return { ...looks.pass, tone: 'pass' }
}

function toneOf(outcome: Exclude<Outcome | 'open', 'pass'>): VerdictTone {
  if (outcome === 'fail') return 'fail'
  return outcome === 'open' ? 'run' : 'warn'
}
