// Word and glyph of an outcome, the same on the bench, in History and in a record.
import type { Outcome } from '../../shared/model/record.ts'
import type { GlyphName } from '../ui/glyph.tsx'
import { states } from './bench.ts'

const looks: Readonly<Record<Outcome | 'open', { readonly glyph: GlyphName; readonly word: string }>> = {
  pass: { glyph: 'check', word: states.passed },
  fail: { glyph: 'octagon', word: states.failed },
  error: { glyph: 'triangle', word: states.error },
  aborted: { glyph: 'square', word: states.aborted },
  interrupted: { glyph: 'bolt', word: states.interrupted },
  open: { glyph: 'play', word: 'RUNNING' },
}

export function outcomeLook(outcome: Outcome | 'open'): { readonly glyph: GlyphName; readonly word: string } {
  return looks[outcome]
}
