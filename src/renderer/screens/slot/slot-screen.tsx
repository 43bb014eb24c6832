// One slot in full: its state large, its board, its fault, the steps, the modules with their proof, and the log.

import { useRef } from 'react'
import { useSlot, useSlotNumbers } from '../../station/use-bench.ts'
import { slotTexts } from '../../text/slot.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { createSlotDigits } from '../bench/slot-digits.ts'
import { useSurroundings } from '../bench/use-surroundings.ts'
import { useKeys } from '../frame/keyboard-context.tsx'
import { historyRoute, type Navigate } from '../route.ts'
import { BoardFacts } from './board-facts.tsx'
import { DeviceParts } from './device-parts.tsx'
import { JobParts } from './job-parts.tsx'
import { LogLines } from './log-lines.tsx'
import { SlotHeadline } from './slot-headline.tsx'
import { SlotReasons } from './slot-reasons.tsx'
import styles from './slot-screen.module.css'

interface SlotScreenProps {
  readonly slot: number
  readonly navigate: Navigate
}

export function SlotScreen({ slot, navigate }: SlotScreenProps) {
  const view = useSlot(slot)
  const around = useSurroundings(slot)
  useSlotKeys(slot, navigate)
  if (view === null) return <p className={styles['missing']}>{slotTexts.noSuchSlot(slot)}</p>
  const { job } = view
  const recordId = job?.recordId ?? null
  return (
    <div className={styles['screen']}>
      <div className={styles['side']}>
        <SlotHeadline view={view} around={around} />
        <Panel
          title={slotTexts.board}
          actions={
            recordId !== null && (
              <Button onPress={() => navigate(historyRoute('', recordId))}>{slotTexts.openRecord}</Button>
            )
          }
        >
          <BoardFacts view={view} />
        </Panel>
      </div>
      <div className={styles['main']}>
        <SlotReasons view={view} />
        <JobParts view={view} />
        {view.board?.kind === 'dfu' && <DeviceParts device={view.board} />}
        <Panel title={slotTexts.log}>
          <LogLines lines={view.log} />
        </Panel>
      </div>
    </div>
  )
}

const beside: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/** Arrows and digits go from slot to slot without the way over the bench. */
function useSlotKeys(slot: number, navigate: Navigate): void {
  const numbers = useSlotNumbers()
  const digits = useRef(createSlotDigits())
  useKeys((key) => {
    const isDigit = /^\d$/.test(key)
    const wish = isDigit ? digits.current.type(key, numbers, performance.now()) : slot + (beside[key] ?? 0)
    if (wish === null || wish === slot || !numbers.includes(wish)) return isDigit
    navigate({ screen: 'slot', slot: wish })
    return true
  })
}
