// A SHA-256, short; whole on hover, on focus, and for copying.
import { shortHash } from '../text/format.ts'
import styles from './hash.module.css'

export function Hash({ sha256 }: { readonly sha256: string }) {
  return (
    <details className={styles['hash']} title={sha256}>
      <summary>{shortHash(sha256)}…</summary>
      <code>{sha256}</code>
    </details>
  )
}
