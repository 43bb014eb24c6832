// What went wrong and what to do about it, on the tile itself; of who is none of the recipe's, both names.
import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import styles from './tile-face.module.css'

interface TileFaultProps {
  readonly fault: FaultReport
  /** Or 'device'. */
  readonly platform: string | null
}

export function TileFault({ fault, platform }: TileFaultProps) {
  const { title, remedy } = describeFault(fault, platform)
  return (
    <>
      <span className={styles['faultTitle']}>{title}</span>
      <span className={styles['remedy']}>{remedy}</span>
      {fault.code === 'DEVICE_UNKNOWN' && <span className={styles['bystander']}>{fault.detail}</span>}
    </>
  )
}
