// What went wrong and what to do about it, on the tile itself.
import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import styles from './tile-face.module.css'

export function TileFault({ fault }: { readonly fault: FaultReport }) {
  const { title, remedy } = describeFault(fault)
  return (
    <>
      <span className={styles['faultTitle']}>{title}</span>
      <span className={styles['remedy']}>{remedy}</span>
    </>
  )
}
