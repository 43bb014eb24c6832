// The running step by name, the bar with its share in words, and the time left.
import type { JobProgress } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { percentText, remainingText } from '../../text/format.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './tile-face.module.css'

export function TileProgress({ progress, label }: { readonly progress: JobProgress; readonly label: string }) {
  return (
    <>
      <span className={styles['step']}>
        <span className={styles['stepName']}>{progress.stepName}</span>
        <span className={styles['stepCount']}>{bench.stepOf(progress.step, progress.steps)}</span>
      </span>
      <ProgressBar fraction={progress.fraction} label={label} />
      <span className={styles['step']}>
        <span className={styles['percent']}>{percentText(progress.fraction)}</span>
        <span className={styles['stepCount']}>
          {progress.remainingMs !== null && bench.timeLeft(remainingText(progress.remainingMs))}
        </span>
      </span>
    </>
  )
}
