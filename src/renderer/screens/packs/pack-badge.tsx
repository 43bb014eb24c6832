// The standing of a pack as glyph, word and colour: anything but a trusted signature is loud.
import type { PackStanding } from '../../../shared/model/pack-view.ts'
import { packs } from '../../text/packs.ts'
import { Glyph, type GlyphName } from '../../ui/glyph.tsx'
import styles from './packs.module.css'

const glyphs: Readonly<Record<PackStanding, GlyphName>> = {
  trusted: 'check',
  untrusted: 'triangle',
  unsigned: 'triangle',
  altered: 'octagon',
}

export function PackBadge({ standing }: { readonly standing: PackStanding }) {
  return (
    <span className={styles['badge']} data-standing={standing}>
      <Glyph name={glyphs[standing]} />
      {packs.standings[standing]}
    </span>
  )
}
