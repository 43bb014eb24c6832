// How the pieces of an image were proven, in one line for each kind of proof: what was read back and what a device only
// reported are never told in the same words.
import type { ImageRecord } from '../../../shared/model/record.ts'
import { bench } from '../../text/bench.ts'
import styles from './tile-face.module.css'

export function ProofLines({ images }: { readonly images: readonly ImageRecord[] }) {
  return proofLines(images).map((line) => (
    <span key={line} className={styles['proof']}>
      {line}
    </span>
  ))
}

function proofLines(images: readonly ImageRecord[]): readonly string[] {
  const readBack = images.filter(({ proof }) => proof === 'read-back').length
  const isReported = images.some(({ proof }) => proof === 'reported-status' || proof === 'reported-version')
  const unproven = images.filter(({ proof }) => proof === 'none').length
  return [
    ...(readBack > 0 ? [bench.readBack(readBack)] : []),
    ...(isReported ? [bench.reported] : []),
    ...(unproven > 0 ? [bench.notProven(unproven)] : []),
  ]
}
