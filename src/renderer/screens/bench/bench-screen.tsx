// The bench: every slot in the order of the sockets, on one screen. 95 % of the day is spent here.

import type { CSSProperties } from 'react'
import { useCallback, useRef } from 'react'
import { useSlotNumbers, useStationView } from '../../station/use-bench.ts'
import { bench } from '../../text/bench.ts'
import { useKeys } from '../frame/keyboard-context.tsx'
import type { Navigate } from '../route.ts'
import styles from './bench-screen.module.css'
import { type Direction, gridShape, neighbour } from './grid-shape.ts'
import { NewcomerSteps } from './newcomer-steps.tsx'
import { createSlotDigits } from './slot-digits.ts'
import { SlotTile } from './slot-tile.tsx'

interface BenchScreenProps {
  readonly selected: number | null
  readonly onSelect: (slot: number | null) => void
  readonly navigate: Navigate
}

export function BenchScreen({ selected, onSelect, navigate }: BenchScreenProps) {
  const numbers = useSlotNumbers()
  const station = useStationView()
  useGridKeys({ numbers, selected, onSelect })
  const open = useRef(selected)
  open.current = selected
  const press = useCallback(
    (slot: number) => (open.current === slot ? navigate({ screen: 'slot', slot }) : onSelect(slot)),
    [navigate, onSelect],
  )
  if (station === null) return <p className={styles['waiting']}>{bench.waitingForStation}</p>
  const shape = gridShape(numbers.length)
  const size = { '--columns': shape.columns, '--rows': shape.rows } as CSSProperties
  return (
    <div className={styles['bench']}>
      <NewcomerSteps station={station} navigate={navigate} />
      <ul className={styles['grid']} style={size} aria-label={bench.gridLabel}>
        {numbers.map((slot, place) => (
          <SlotTile
            key={slot}
            slot={slot}
            isSelected={slot === selected}
            isTabStop={selected === null || !numbers.includes(selected) ? place === 0 : slot === selected}
            onPress={press}
          />
        ))}
      </ul>
    </div>
  )
}

interface GridKeys {
  readonly numbers: readonly number[]
  readonly selected: number | null
  readonly onSelect: (slot: number | null) => void
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Digits name a slot, arrows walk, Escape lets go. */
function useGridKeys({ numbers, selected, onSelect }: GridKeys): void {
  const digits = useRef(createSlotDigits())
  const walk = (direction: Direction) => {
    const place = numbers.indexOf(selected ?? -1)
    onSelect(numbers[place < 0 ? 0 : neighbour(place, direction, numbers.length)] ?? null)
  }
  const type = (digit: string) => {
    const slot = digits.current.type(digit, numbers, performance.now())
    if (slot !== null) onSelect(slot)
  }
  useKeys((key) => {
    const direction = arrows[key]
    const isDigit = /^\d$/.test(key)
    const letsGo = key === 'Escape' && selected !== null
    if (direction !== undefined) walk(direction)
    if (isDigit) type(key)
    if (letsGo) onSelect(null)
    return direction !== undefined || isDigit || letsGo
  })
}
