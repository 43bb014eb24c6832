// One line across the screen that says something is unusual, with a glyph, and a way to put it away where it may be.
import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './glyph.tsx'
import styles from './notice.module.css'

interface NoticeProps {
  readonly tone: 'warn' | 'fail' | 'good' | 'plain'
  readonly children: ReactNode
  readonly actions?: ReactNode
}

const glyphs: Readonly<Record<NoticeProps['tone'], GlyphName>> = {
  warn: 'triangle',
  fail: 'octagon',
  good: 'check',
  plain: 'dot',
}

export function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div className={styles['notice']} data-tone={tone} role={tone === 'fail' ? 'alert' : 'status'}>
      <Glyph name={glyphs[tone]} />
      <div className={styles['words']}>{children}</div>
      {actions}
    </div>
  )
}
