// The glyphs of the states: each has an outline of its own, so that shape alone tells them apart. Inline SVG in the
// colour of the text around it; hidden from assistive technology, because a word always stands beside it.
import type { ReactNode } from 'react'
import styles from './glyph.module.css'

export type GlyphName =
  | 'circle'
  | 'dot'
  | 'search'
  | 'play'
  | 'check'
  | 'double-check'
  | 'octagon'
  | 'triangle'
  | 'square'
  | 'bolt'
  | 'diamond'
  | 'slash'
  | 'hand'
  | 'card'
  | 'ring-check'
  | 'unequal'
  | 'question'

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 3, strokeLinecap: 'round' } as const
const cut = { fill: 'none', stroke: 'var(--glyph-cut)', strokeWidth: 3.2, strokeLinecap: 'round' } as const

const shapes: Readonly<Record<GlyphName, ReactNode>> = {
  circle: <circle cx="16" cy="16" r="11" {...stroke} strokeWidth={2.5} />,
  dot: <circle cx="16" cy="16" r="8" fill="currentColor" />,
  search: (
    <>
      <circle cx="14" cy="14" r="8.5" {...stroke} />
      <path d="M20.5 20.5L27 27" {...stroke} />
    </>
  ),
  play: <path d="M8 5l19 11L8 27z" fill="currentColor" />,
  check: (
    <>
      <circle cx="16" cy="16" r="14.5" fill="currentColor" />
      <path d="M9 16.5l5 5 9-10.5" {...cut} />
    </>
  ),
  'double-check': <path d="M2 17l6 6L19 9M13 20.5l3 2.5L29 9" {...stroke} />,
  octagon: (
    <>
      <path d="M10 1.5h12L30.5 10v12L22 30.5H10L1.5 22V10z" fill="currentColor" />
      <path d="M10.5 10.5l11 11M21.5 10.5l-11 11" {...cut} />
    </>
  ),
  triangle: (
    <>
      <path d="M16 2L31 29H1z" fill="currentColor" />
      <path d="M16 11.5v8M16 24.4v.2" {...cut} />
    </>
  ),
  square: (
    <>
      <rect x="2" y="2" width="28" height="28" rx="2" fill="currentColor" />
      <path d="M11 9.5v13M21 9.5v13" {...cut} strokeWidth={4.5} />
    </>
  ),
  bolt: <path d="M19 1L5 19h9l-3 12 16-19h-9z" fill="currentColor" />,
  diamond: (
    <>
      <path d="M16 1l15 15-15 15L1 16z" fill="currentColor" />
      <path d="M9.5 16h13" {...cut} strokeWidth={4} />
    </>
  ),
  slash: (
    <>
      <circle cx="16" cy="16" r="12.5" {...stroke} />
      <path d="M7.5 24.5l17-17" {...stroke} />
    </>
  ),
  card: (
    <>
      <rect x="2" y="6" width="28" height="20" rx="3" {...stroke} />
      <circle cx="10" cy="14" r="3.4" fill="currentColor" />
      <path d="M6 21.5h8M18 13h8M18 19h8" {...stroke} strokeWidth={2.6} />
    </>
  ),
  'ring-check': (
    <>
      <circle cx="16" cy="16" r="13.5" {...stroke} />
      <path d="M9 16.5l5 5 9-10.5" {...stroke} strokeWidth={3.4} />
    </>
  ),
  unequal: (
    <>
      <path d="M10 1.5h12L30.5 10v12L22 30.5H10L1.5 22V10z" fill="currentColor" />
      <path d="M8.5 12.5h15M8.5 19.5h15M20 8l-8 16" {...cut} />
    </>
  ),
  question: (
    <>
      <path d="M3 3h26v20H17l-8 7v-7H3z" fill="currentColor" />
      <path d="M12.5 9.5c.5-2.6 6.8-3 7 .6.1 2.4-3.4 2.7-3.4 5M16 19v.2" {...cut} />
    </>
  ),
  hand: <path d="M16 2v17M8.5 12.5L16 20l7.5-7.5M4 22v7h24v-7" {...stroke} strokeWidth={3.6} />,
}

export function Glyph({ name }: { readonly name: GlyphName }) {
  return (
    <svg className={styles['glyph']} viewBox="0 0 32 32" aria-hidden="true" data-glyph={name}>
      {shapes[name]}
    </svg>
  )
}
