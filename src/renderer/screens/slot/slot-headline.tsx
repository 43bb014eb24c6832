// The state of the slot, as large as on the bench: number, glyph, word, progress, and what the hands do.
import type { SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { durationText } from '../../text/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { handsOf, type SlotSurroundings } from '../bench/hands.ts'
import { ProofLines } from '../bench/proof-lines.tsx'
import { revisionsOf } from '../bench/revisions.ts'
import { lookOf } from '../bench/slot-look.ts'
import { TileProgress } from '../bench/tile-progress.tsx'
import styles from './slot-headline.module.css'

interface SlotHeadlineProps {
  readonly view: SlotView
  readonly around: SlotSurroundings
}

export function SlotHeadline({ view, around }: SlotHeadlineProps) {
  const look = lookOf(view, around.isLearning)
  const progress = view.state === 'working' ? (view.job?.progress ?? null) : null
  const revisions = revisionsOf(view)
  const durationMs = view.job?.durationMs ?? null
  return (
    <section className={styles['headline']} data-tone={look.tone}>
      <h1 className={styles['title']} data-long={look.word.length > 8 || undefined}>
        <span className={styles['number']}>{view.slot}</span>
        <Glyph name={look.glyph} />
        <span>{look.word}</span>
      </h1>
      {view.job !== null && <p className={styles['recipe']}>{view.job.recipeName}</p>}
      {progress !== null && <TileProgress progress={progress} label={bench.progressLabel(view.slot)} />}
      {durationMs !== null && <p>{bench.doneIn(durationText(durationMs))}</p>}
      {revisions !== null && <p>{revisions}</p>}
      {view.job !== null && durationMs !== null && <ProofLines images={view.job.images} />}
      <p className={styles['hands']}>{handsOf(view, around).words}</p>
    </section>
  )
}
