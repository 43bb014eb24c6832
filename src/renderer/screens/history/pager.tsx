// From page to page, by button and by PageUp and PageDown.
import type { RecordPage } from '../../../shared/contract/contract.ts'
import { history } from '../../text/history.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../frame/keyboard-context.tsx'
import styles from './history-screen.module.css'
import type { Pages } from './use-pages.ts'

interface PagerProps {
  readonly pages: Pages
  readonly page: RecordPage | null
  readonly pageSize: number
}

export function Pager({ pages, page, pageSize }: PagerProps) {
  const cursor = page?.cursor ?? null
  const older = () => {
    if (cursor !== null) pages.older(cursor)
  }
  const newer = () => {
    if (pages.depth > 0) pages.newer()
  }
  useKeys((key) => {
    if (key === 'PageDown') older()
    if (key === 'PageUp') newer()
    return key === 'PageDown' || key === 'PageUp'
  })
  const first = pages.depth * pageSize + 1
  const shown = page?.records.length ?? 0
  return (
    <nav className={styles['pager']} aria-label={history.table}>
      <Button keyHint="PgUp" isDisabled={pages.depth === 0} onPress={newer}>
        {history.newer}
      </Button>
      <span>{page !== null && shown > 0 && history.shown(first, first + shown - 1, page.total)}</span>
      <Button keyHint="PgDn" isDisabled={cursor === null} onPress={older}>
        {history.older}
      </Button>
    </nav>
  )
}
