// A determinate bar. The native element carries the value, so no style needs to be computed.
import styles from './progress-bar.module.css'

interface ProgressBarProps {
  /** 0 to 1 */
  readonly fraction: number
  readonly label: string
}

export function ProgressBar({ fraction, label }: ProgressBarProps) {
  return <progress className={styles['bar']} max={1000} value={Math.floor(fraction * 1000)} aria-label={label} />
}
