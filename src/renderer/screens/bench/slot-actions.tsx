// Start, retry, stop and open for the selected slot, or for the whole bench when none is selected: by button, by key, by
// scanned command. Stopping asks first.
import { useState } from 'react'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { BenchMirror } from '../../station/mirror.ts'
import { useStation } from '../../station/station-context.tsx'
import { useAct } from '../../station/use-answer.ts'
import { useBench } from '../../station/use-bench.ts'
import { bench, next } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useKeys, useScans } from '../frame/keyboard-context.tsx'
import type { Navigate } from '../route.ts'
import styles from './slot-actions.module.css'
import { asks, canRetry, canStart, canStop, meant, slotNumbers, startsWithAll } from './slot-acts.ts'
import { StopDialog } from './stop-dialog.tsx'

interface SlotActionsProps {
  readonly selected: number | null
  readonly navigate: Navigate
  /** Not on the screen of the slot itself. */
  readonly offersOpen: boolean
}

export function SlotActions({ selected, navigate, offersOpen }: SlotActionsProps) {
  const acts = useSlotActs(selected)
  const startable = useBench((mirror) => offeredStarts(mirror, selected))
  const isAnswer = useBench((mirror) => selected !== null && meant(mirror.slots(), selected).some(asks))
  const retryable = useBench((mirror) => selected !== null && meant(mirror.slots(), selected).some(canRetry))
  const stoppable = useBench((mirror) => meant(mirror.slots(), selected).filter(canStop).length)
  return (
    <div className={styles['actions']}>
      {selected !== null && <strong>{next.focused(selected)}</strong>}
      {startable > 0 && (
        <Button kind="main" keyHint="S" onPress={acts.start}>
          {selected === null ? bench.startAll(startable) : isAnswer ? bench.answered : bench.started}
        </Button>
      )}
      {retryable && (
        <Button keyHint="F5" onPress={acts.retry}>
          {bench.retried}
        </Button>
      )}
      {stoppable > 0 && (
        <Button keyHint="X" onPress={acts.askStop}>
          {selected === null ? bench.stopAll : bench.stopped}
        </Button>
      )}
      {selected !== null && offersOpen && (
        <Button keyHint="Enter" onPress={() => navigate({ screen: 'slot', slot: selected })}>
          {bench.opened}
        </Button>
      )}
      {acts.stopping !== null && <StopDialog slots={acts.stopping} onStop={acts.stop} onCancel={acts.cancelStop} />}
      {acts.fault !== null && <FaultNotice fault={acts.fault} onDismiss={acts.clear} isFloating />}
    </div>
  )
}

/** A bench that starts by itself needs no button for all. */
function offeredStarts(mirror: BenchMirror, selected: number | null): number {
  if (selected === null && mirror.station()?.autoStart === true) return 0
  return meant(mirror.slots(), selected).filter(startableBy(selected)).length
}

function startableBy(selected: number | null): (view: SlotView) => boolean {
  return selected === null ? startsWithAll : canStart
}

/** Reads the bench at the moment of the key, so that no progress frame draws the buttons again. */
function useSlotActs(selected: number | null) {
  const { mirror } = useStation()
  const act = useAct()
  const [stopping, setStopping] = useState<readonly number[] | null>(null)
  const here = (allows: (view: SlotView) => boolean) => slotNumbers(meant(mirror.slots(), selected).filter(allows))
  const run = (name: 'startSlots' | 'abortSlots', slots: number[]) => {
    if (slots.length > 0) void act.run(name, { slots })
  }
  const start = () => run('startSlots', here(startableBy(selected)))
  const retry = () => {
    if (selected !== null)
      run(
        'startSlots',
        here((view) => canStart(view) || canRetry(view)),
      )
  }
  const askStop = () => {
    const slots = here(canStop)
    if (slots.length > 0) setStopping(slots)
  }
  const stop = () => {
    run('abortSlots', [...(stopping ?? [])])
    setStopping(null)
  }
  const byKey: Readonly<Record<string, () => void>> = { s: start, x: askStop, F5: retry }
  useKeys((key) => perform(byKey[key.length === 1 ? key.toLowerCase() : key]))
  useScans((command) => {
    if (command.kind === 'start') return perform(start)
    return command.kind === 'stop' ? perform(stopping === null ? askStop : stop) : false
  })
  return {
    start,
    retry,
    askStop,
    stop,
    stopping,
    cancelStop: () => setStopping(null),
    fault: act.fault,
    clear: act.clear,
  }
}

function perform(act: (() => void) | undefined): boolean {
  act?.()
  return act !== undefined
}
