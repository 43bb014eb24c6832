// Speaks changes of slots to screen readers: politely, and failures at once.
import { useEffect, useState } from 'react'
import type { BenchMirror } from '../../station/mirror.ts'
import { useStation } from '../../station/station-context.tsx'
import { frame } from '../../text/bench.ts'
import { faultOf, handsOf, surroundingsOf, wordsOf } from '../bench/hands.ts'
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

/** A question that comes while a board waits is news, too. */
function statesOf(mirror: BenchMirror): ReadonlyMap<number, string> {
  return new Map(mirror.slots().map((view) => [view.slot, `${view.state} ${view.question ?? ''}`]))
}

/** The sentences of the slots that changed their state; what has a fault is bad. */
function changesSince(before: ReadonlyMap<number, string>, mirror: BenchMirror) {
  const good: string[] = []
  const bad: string[] = []
  if (before.size === 0) return { good, bad }
  const after = statesOf(mirror)
  for (const view of mirror.slots()) {
    if (before.get(view.slot) === after.get(view.slot)) continue
    const around = surroundingsOf(mirror, view.slot)
    const rest = wordsOf(view) ?? handsOf(view, around).words
    const words = frame.announced(view.slot, lookOf(view, around.isLearning).word, rest)
    if (faultOf(view) === null) good.push(words)
    else bad.push(words)
  }
  return { good, bad }
}
