// The verdict of the board before, small: the slot is empty, but what was there a moment ago is not forgotten.
import type { SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { nameParts } from '../../text/format.ts'
import { outcomeLook } from '../../text/outcome-look.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './tile-face.module.css'

export function LastStamp({ last }: { readonly last: NonNullable<SlotView['last']> }) {
  const look = outcomeLook(last.outcome)
  return (
    <span className={styles['stamp']} data-outcome={last.outcome} title={bench.last(look.word, last.name)}>
      <Glyph name={look.glyph} />
      <span>
        <span className={styles['stampWord']}>{look.word} </span>…{nameParts(last.name).tail}
      </span>
    </span>
  )
}
