// What a tile shows, from the top: which slot, is it good, whose board, what happens, and what the hands do next.
import { valueOrNull } from '../../../shared/model/identity.ts'
import type { JobView, SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { durationText } from '../../text/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { faultOf, type HandsLine } from './hands.ts'
import { LastStamp } from './last-stamp.tsx'
import type { SlotLook } from './slot-look.ts'
import styles from './tile-face.module.css'
import { TileFault } from './tile-fault.tsx'
import { TileIdentity } from './tile-identity.tsx'
import { TileProgress } from './tile-progress.tsx'

interface TileFaceProps {
  readonly view: SlotView
  readonly look: SlotLook
  readonly hands: HandsLine
}

export function TileFace({ view, look, hands }: TileFaceProps) {
  const fault = faultOf(view)
  return (
    <span className={styles['face']} data-faulty={fault !== null || undefined}>
      <span className={styles['top']}>
        <span className={styles['number']}>{view.slot}</span>
        <span className={styles['glyph']}>
          <Glyph name={look.glyph} />
        </span>
        <span className={styles['corner']}>
          {view.board !== null && <span className={styles['platform']}>{view.board.platform}</span>}
          <TopFact view={view} />
          {fault !== null && <span className={styles['code']}>{fault.code}</span>}
        </span>
        <span className={styles['word']} data-length={lengthClass(look.word)}>
          {look.word}
        </span>
      </span>
      {view.board !== null && <TileIdentity board={view.board} />}
      <span className={styles['news']}>
        <TileNews view={view} />
      </span>
      <span className={styles['hands']} data-urge={hands.urge} data-long={hands.words.length > 16 || undefined}>
        {hands.urge === 'act' && <Glyph name="hand" />}
        {hands.words}
      </span>
    </span>
  )
}

/** The shorter the word, the larger it is written: the whole width is used, and nothing is cut off. */
function lengthClass(word: string): 'short' | 'middle' | 'long' | 'longest' {
  if (word.length <= 5) return 'short'
  if (word.length <= 7) return 'middle'
  return word.length <= 8 ? 'long' : 'longest'
}

function TopFact({ view }: { readonly view: SlotView }) {
  const durationMs = view.job?.durationMs ?? null
  if (durationMs !== null) return <span className={styles['small']}>{durationText(durationMs)}</span>
  if (view.board === null && view.last !== null) return <LastStamp last={view.last} />
  const version = view.board === null ? null : valueOrNull(view.board.deviceOsVersion)
  return version === null ? null : <span className={styles['small']}>{version}</span>
}

function TileNews({ view }: { readonly view: SlotView }) {
  const fault = faultOf(view)
  if (fault !== null) return <TileFault fault={fault} />
  if (view.job === null) return null
  if (view.state !== 'working' || view.job.progress === null) {
    return <TileResult job={view.job} />
  }
  return <TileProgress progress={view.job.progress} label={bench.progressLabel(view.slot)} />
}

function TileResult({ job }: { readonly job: JobView }) {
  const proven = job.modules.filter((module) => module.proof !== 'none').length
  return (
    <>
      <span className={styles['small']}>{job.recipeName}</span>
      {proven > 0 && <span className={styles['small']}>{bench.proven(proven)}</span>}
    </>
  )
}
