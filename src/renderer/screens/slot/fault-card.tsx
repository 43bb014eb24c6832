// A fault at full size: what happened and what to do now; the engineer's part lies behind a fold.
import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import { faultCodes } from '../../../shared/fault/fault-codes.ts'
import { slotTexts } from '../../text/slot.ts'
import { Facts } from '../../ui/facts.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './fault-card.module.css'

interface FaultCardProps {
  readonly fault: FaultReport
  /** Buttons are called as this board has them; 'device' for one that has none of Particle's. */
  readonly platform?: string | null
}

export function FaultCard({ fault, platform = null }: FaultCardProps) {
  const { title, remedy } = describeFault(fault, platform)
  const { outcome, engineer } = faultCodes[fault.code]
  return (
    <section className={styles['card']} data-outcome={outcome} aria-label={title}>
      <h2 className={styles['title']}>
        <Glyph name={outcome === 'fail' ? 'octagon' : 'triangle'} />
        {title}
      </h2>
      <p className={styles['remedy']}>{remedy}</p>
      <details className={styles['engineer']}>
        <summary>
          {slotTexts.engineer}: {fault.code}
        </summary>
        <Facts
          rows={[
            { name: slotTexts.faultCode, value: fault.code, isMono: true },
            { name: slotTexts.faultMeaning, value: engineer },
            { name: slotTexts.faultDetail, value: fault.detail },
          ]}
        />
      </details>
    </section>
  )
}
