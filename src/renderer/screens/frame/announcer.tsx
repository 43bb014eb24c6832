// Speaks changes of slots to screen readers: politely, and failures at once.
import { useEffect, useState } from 'react'
import type { SlotState } from '../../../shared/model/slot.ts'
import type { BenchMirror } from '../../station/mirror.ts'
import { useStation } from '../../station/station-context.tsx'
import { frame } from '../../text/bench.ts'
import { faultOf, handsOf, remedyOf, surroundingsOf } from '../bench/hands.ts'
import { lookOf } from '../bench/slot-look.ts'
import styles from './announcer.module.css'

export function Announcer() {
  const { mirror } = useStation()
  const [polite, setPolite] = useState('')
  const [assertive, setAssertive] = useState('')
  useEffect(() => {
    let before = statesOf(mirror)
    return mirror.subscribe(() => {
      const { good, bad } = changesSince(before, mirror)
      before = statesOf(mirror)
      if (good.length > 0) setPolite(good.join(' '))
      if (bad.length > 0) setAssertive(bad.join(' '))
    })
  }, [mirror])
  return (
    <div className={styles['unseen']}>
      <p aria-live="polite">{polite}</p>
      <p aria-live="assertive">{assertive}</p>
    </div>
  )
}

function statesOf(mirror: BenchMirror): ReadonlyMap<number, SlotState> {
  return new Map(mirror.slots().map((view) => [view.slot, view.state]))
}

/** The sentences of the slots that changed their state; what has a fault is bad. */
function changesSince(before: ReadonlyMap<number, SlotState>, mirror: BenchMirror) {
  const good: string[] = []
  const bad: string[] = []
  if (before.size === 0) return { good, bad }
  for (const view of mirror.slots()) {
    if (before.get(view.slot) === view.state) continue
    const around = surroundingsOf(mirror, view.slot)
    const rest = remedyOf(view) ?? handsOf(view, around).words
    const words = frame.announced(view.slot, lookOf(view, around.isLearning).word, rest)
    if (faultOf(view) === null) good.push(words)
    else bad.push(words)
  }
  return { good, bad }
}
