// What a tile shows, from the top: which slot, is it good, whose board, what happens, and what the hands do next.
import { boardType } from '../../../shared/model/board-name.ts'
import { type ParticleIdentity, particleOf, valueOrNull } from '../../../shared/model/identity.ts'
import type { JobView, SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { durationText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { type Difference, differencesOf } from '../slot/differences.ts'
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
  /** The recipe comes from nobody this station trusts. */
  readonly isUntrusted: boolean
}

export function TileFace({ view, look, hands, isUntrusted }: TileFaceProps) {
  const fault = faultOf(view)
  const particle = particleOf(view.board)
  return (
    <span
      className={styles['face']}
      data-faulty={fault !== null || undefined}
      data-untrusted={isUntrusted || undefined}
    >
      <span className={styles['top']}>
        <span className={styles['number']}>{view.slot}</span>
        <span className={styles['glyph']}>
          <Glyph name={look.glyph} />
        </span>
        <span className={styles['corner']}>
          {view.board !== null && <span className={styles['platform']}>{boardType(view.board)}</span>}
          <TopFact view={view} />
          {fault !== null && <span className={styles['code']}>{fault.code}</span>}
        </span>
        <span className={styles['word']} data-length={lengthClass(look.word)}>
          {look.word}
        </span>
      </span>
      {particle !== null && <TileIdentity board={particle} />}
      <span className={styles['news']}>
        <TileNews view={view} />
      </span>
      <span className={styles['hands']} data-urge={hands.urge} data-long={hands.words.length > 16 || undefined}>
        {hands.urge === 'act' && <Glyph name="hand" />}
        {hands.words}
      </span>
      {isUntrusted && view.board !== null && <span className={styles['untrusted']}>{bench.untrusted}</span>}
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
  const particle = particleOf(view.board)
  const version = particle === null ? null : valueOrNull(particle.deviceOsVersion)
  return version === null ? null : <span className={styles['small']}>{version}</span>
}

function TileNews({ view }: { readonly view: SlotView }) {
  const fault = faultOf(view)
  const differences = differencesOf(fault, view.job?.modules ?? [])
  if (differences.length > 0) return <TileDifferences differences={differences} />
  if (fault !== null) return <TileFault fault={fault} platform={particleOf(view.board)?.platform ?? null} />
  if (view.job === null) return null
  if (view.state !== 'working' || view.job.progress === null) {
    return <TileResult job={view.job} board={particleOf(view.board)} />
  }
  return <TileProgress progress={view.job.progress} label={bench.progressLabel(view.slot)} />
}

/** What differs, as far as there is room; how many in all. */
function TileDifferences({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <>
      <span className={styles['faultTitle']}>{slotTexts.differences(differences.length)}</span>
      {differences.slice(0, 3).map(({ name, text, short }) => (
        <span key={`${name} ${text}`} className={styles['small']}>
          {short}
        </span>
      ))}
    </>
  )
}

function TileResult({ job, board }: { readonly job: JobView; readonly board: ParticleIdentity | null }) {
  const proven = job.modules.filter((module) => module.proof !== 'none').length
  return (
    <>
      <span className={styles['small']}>{job.recipeName}</span>
      {job.job === 'identify' && board !== null && <span className={styles['small']}>{carriedText(board)}</span>}
      {proven > 0 && <span className={styles['small']}>{bench.proven(proven)}</span>}
    </>
  )
}

function carriedText(board: ParticleIdentity): string {
  return bench.carries(valueOrNull(board.deviceOsVersion) ?? '?', valueOrNull(board.modules)?.length ?? 0)
}
