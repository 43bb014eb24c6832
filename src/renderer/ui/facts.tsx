// Names and values, one pair a line. A missing value says why it is missing.
import styles from './facts.module.css'

export interface FactRow {
  readonly name: string
  readonly value: string
  readonly isMono?: boolean
  /** The value could not be had; the text is the reason. */
  readonly isMissing?: boolean
}

export function Facts({ rows }: { readonly rows: readonly FactRow[] }) {
  return (
    <dl className={styles['facts']}>
      {rows.map((row) => (
        <div key={`${row.name} ${row.value}`} className={styles['row']}>
          <dt>{row.name}</dt>
          <dd data-mono={row.isMono || undefined} data-missing={row.isMissing || undefined}>
            {row.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
