// A fault that a call came back with: what happened, what to do, and the code with its detail for the engineer.
import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import { frame } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import styles from './fault-notice.module.css'

interface FaultNoticeProps {
  readonly fault: FaultReport
  readonly onDismiss?: () => void
  /** Over the screen, above the bottom strip, where no room is kept for it. */
  readonly isFloating?: boolean
}

export function FaultNotice({ fault, onDismiss, isFloating }: FaultNoticeProps) {
  const { title, remedy } = describeFault(fault)
  return (
    <div className={isFloating ? styles['floating'] : undefined}>
      <Notice tone="fail" actions={onDismiss !== undefined && <Button onPress={onDismiss}>{frame.dismiss}</Button>}>
        <p>
          {title}. {remedy}
        </p>
        <p className={styles['detail']}>
          {fault.code}: {fault.detail}
        </p>
      </Notice>
    </div>
  )
}
