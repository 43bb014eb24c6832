// What a tile shows, from the top: which slot, is it good, whose board, what happens, and what the hands do next.
import { boardType } from '../../../shared/model/board-name.ts'
import { revisionText } from '../../../shared/model/dfu-identity.ts'
import { type BoardIdentity, valueOrNull } from '../../../shared/model/identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { bench } from '../../text/bench.ts'
import { durationText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { type Difference, differencesOf } from '../slot/differences.ts'
import { faultOf, type HandsLine, whoseWords } from './hands.ts'
import { LastStamp } from './last-stamp.tsx'
import { asks } from './slot-acts.ts'
import type { SlotLook } from './slot-look.ts'
import styles from './tile-face.module.css'
import { TileFault } from './tile-fault.tsx'
import { TileIdentity } from './tile-identity.tsx'
import { TileProgress } from './tile-progress.tsx'
import { TileResult } from './tile-result.tsx'

interface TileFaceProps {
  readonly view: SlotView
  readonly look: SlotLook
  readonly hands: HandsLine
  /** The recipe comes from nobody this station trusts. */
  readonly isUntrusted: boolean
}

export function TileFace({ view, look, hands, isUntrusted }: TileFaceProps) {
  const fault = faultOf(view)
  const isAsking = asks(view)
  return (
    <span
      className={styles['face']}
      data-telling={fault !== null || isAsking || undefined}
      data-untrusted={isUntrusted || undefined}
    >
      <span className={styles['top']}>
        <span className={styles['number']}>{view.slot}</span>
        <span className={styles['glyph']}>
          <Glyph name={look.glyph} />
        </span>
        <span className={styles['corner']}>
          {view.board !== null && <BoardType board={view.board} />}
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
        {view.bystander !== null && <span className={styles['bystander']}>{view.bystander}</span>}
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
  const version = view.board === null ? null : versionOf(view.board)
  return version === null ? null : <span className={styles['small']}>{version}</span>
}

/** A product name may be long: two lines of it, the whole of it on hover. */
function BoardType({ board }: { readonly board: BoardIdentity }) {
  const type = boardType(board)
  return (
    <span
      className={styles['platform']}
      title={type}
      data-long={type.length > 14 || /^\S{9,}$/.test(type) || undefined}
    >
      {type}
    </span>
  )
}

/** Device OS, or the version of a device's own program; a loader's own version says nothing of the product. */
function versionOf(board: BoardIdentity): string | null {
  if (board.kind === 'particle') return valueOrNull(board.deviceOsVersion)
  const revision = revisionText(board.revision)
  return board.mode === 'normal' ? bench.revision(revision) : bench.dfuMode
}

function TileNews({ view }: { readonly view: SlotView }) {
  const fault = faultOf(view)
  if (asks(view)) return <TileQuestion question={view.question ?? ''} />
  const differences = differencesOf(fault, view.job)
  if (differences.length > 0) return <TileDifferences differences={differences} />
  if (fault !== null) return <TileFault fault={fault} platform={whoseWords(view)} />
  if (view.job === null) return null
  if (view.state !== 'working' || view.job.progress === null) {
    return <TileResult view={view} job={view.job} />
  }
  return <TileProgress progress={view.job.progress} label={bench.progressLabel(view.slot)} />
}

function TileQuestion({ question }: { readonly question: string }) {
  return (
    <span className={styles['question']}>
      <span className={styles['faultTitle']}>{bench.whichProduct}</span>
      <span className={styles['remedy']}>{question}</span>
    </span>
  )
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
