// An outcome as glyph, word and colour.
import type { Outcome } from '../../../shared/model/record.ts'
import { outcomeLook } from '../../text/outcome-look.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './outcome-badge.module.css'

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome | 'open' }) {
  const look = outcomeLook(outcome)
  return (
    <span className={styles['badge']} data-outcome={outcome}>
      <Glyph name={look.glyph} />
      {look.word}
    </span>
  )
}
