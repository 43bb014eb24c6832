// What a job came to as glyph, word and colour.
import { type Verdict, verdictLook } from '../../text/outcome-look.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './outcome-badge.module.css'

export function OutcomeBadge({ verdict }: { readonly verdict: Verdict }) {
  const look = verdictLook(verdict)
  return (
    <span className={styles['badge']} data-tone={look.tone}>
      <Glyph name={look.glyph} />
      {look.word}
    </span>
  )
}
