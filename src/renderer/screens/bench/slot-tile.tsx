// One place of the bench: takes its slot from the mirror, so progress of one slot draws this tile alone.
import { memo, useEffect, useRef } from 'react'
import { useSlot } from '../../station/use-bench.ts'
import { bench } from '../../text/bench.ts'
import { handsOf, wordsOf } from './hands.ts'
import { lookOf } from './slot-look.ts'
import styles from './slot-tile.module.css'
import { TileFace } from './tile-face.tsx'
import { useSurroundings } from './use-surroundings.ts'

interface SlotTileProps {
  readonly slot: number
  readonly isSelected: boolean
  /** The tile that Tab reaches: the selected one, or the first. */
  readonly isTabStop: boolean
  readonly onPress: (slot: number) => void
}

export const SlotTile = memo(function SlotTile({ slot, isSelected, isTabStop, onPress }: SlotTileProps) {
  const view = useSlot(slot)
  const around = useSurroundings(slot)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isSelected) button.current?.focus({ preventScroll: true })
  }, [isSelected])
  if (view === null) return null
  const look = lookOf(view, around.isLearning)
  const hands = handsOf(view, around)
  const rest = [hands.words, wordsOf(view)].filter((text) => text !== null).join('. ')
  return (
    <li className={styles['place']} data-selected={isSelected || undefined}>
      <button
        ref={button}
        type="button"
        className={styles['tile']}
        data-tone={look.tone}
        data-state={view.state}
        data-slot={slot}
        tabIndex={isTabStop ? 0 : -1}
        aria-current={isSelected || undefined}
        aria-label={bench.slotLabel(slot, look.word, rest)}
        onClick={() => onPress(slot)}
      >
        <TileFace view={view} look={look} hands={hands} isUntrusted={around.isUntrusted} />
      </button>
    </li>
  )
})
