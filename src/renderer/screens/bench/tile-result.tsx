// What a job came to: the recipe, and how each part of the board was proven. What was read back and what a device only
// reported are never told in the same words.
import { type ParticleIdentity, particleOf, valueOrNull } from '../../../shared/model/identity.ts'
import type { ImageRecord } from '../../../shared/model/record.ts'
import type { JobView, SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { revisionsOf } from './revisions.ts'
import styles from './tile-face.module.css'

interface TileResultProps {
  readonly view: SlotView
  readonly job: JobView
}

export function TileResult({ view, job }: TileResultProps) {
  const particle = particleOf(view.board)
  const proven = job.modules.filter((module) => module.proof !== 'none').length
  const revisions = revisionsOf(view)
  return (
    <>
      {proofLines(job.images).map((line) => (
        <span key={line} className={styles['proof']}>
          {line}
        </span>
      ))}
      {revisions !== null && <span className={styles['small']}>{revisions}</span>}
      <span className={styles['small']} data-line={view.board?.kind === 'dfu' ? 'recipe' : undefined}>
        {job.recipeName}
      </span>
      {job.job === 'identify' && particle !== null && <span className={styles['small']}>{carriedText(particle)}</span>}
      {proven > 0 && <span className={styles['small']}>{bench.proven(proven)}</span>}
    </>
  )
}

function carriedText(board: ParticleIdentity): string {
  return bench.carries(valueOrNull(board.deviceOsVersion) ?? '?', valueOrNull(board.modules)?.length ?? 0)
}

/** One line for each kind of proof that there is. */
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
