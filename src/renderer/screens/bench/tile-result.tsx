// What a job came to: how it was proven, the versions, the recipe.
import { type ParticleIdentity, particleOf, valueOrNull } from '../../../shared/model/identity.ts'
import type { JobView, SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { ProofLines } from './proof-lines.tsx'
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
      <ProofLines images={job.images} />
      {revisions !== null && <span className={styles['small']}>{revisions}</span>}
      {view.bystander === null && (
        <span className={styles['small']} data-line={view.board?.kind === 'dfu' ? 'recipe' : undefined}>
          {job.recipeName}
        </span>
      )}
      {job.job === 'identify' && particle !== null && <span className={styles['small']}>{carriedText(particle)}</span>}
      {proven > 0 && <span className={styles['small']}>{bench.proven(proven)}</span>}
    </>
  )
}

function carriedText(board: ParticleIdentity): string {
  return bench.carries(valueOrNull(board.deviceOsVersion) ?? '?', valueOrNull(board.modules)?.length ?? 0)
}
