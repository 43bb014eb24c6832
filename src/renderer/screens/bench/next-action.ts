// The single next action of the whole bench, in words: what a person who looks up from the boards should do now.
// Trouble first, then what is finished, then what waits.
import type { SlotView, StationView } from '../../../shared/model/slot.ts'
import type { BenchMirror } from '../../station/mirror.ts'
import { next } from '../../text/bench.ts'
import { handsOf, surroundingsOf } from './hands.ts'
import { asks, startsWithAll } from './slot-acts.ts'
import { isIdentifiedOnly } from './verdict-of.ts'

export interface NextAction {
  readonly words: string
  readonly urge: 'none' | 'act' | 'good' | 'bad' | 'look'
}

export function nextAction(mirror: BenchMirror): NextAction {
  const station = mirror.station()
  if (station === null) return { words: next.noStation, urge: 'none' }
  return stationAction(station) ?? troubleAction(station, mirror) ?? ordinaryAction(station, mirror.slots())
}

function stationAction(station: StationView): NextAction | null {
  if (!station.usb.up) return { words: next.usbDown, urge: 'look' }
  if (station.learningSlot !== null) return { words: next.learn(station.learningSlot), urge: 'act' }
  return null
}

const troubled: readonly SlotView['state'][] = ['failed', 'refused', 'error', 'interrupted', 'aborted']

function troubleAction(station: StationView, mirror: BenchMirror): NextAction | null {
  for (const state of troubled) {
    const view = mirror.slots().find((slot) => slot.state === state)
    if (view === undefined) continue
    const line = handsOf(view, surroundingsOf(mirror, view.slot))
    return { words: next.fail(view.slot, line.words), urge: line.urge }
  }
  if (station.strayPorts.length > 0) return { words: next.stray(station.strayPorts.join(', ')), urge: 'act' }
  return null
}

function ordinaryAction(station: StationView, slots: readonly SlotView[]): NextAction {
  const inState = (state: SlotView['state']) => slots.filter((slot) => slot.state === state)
  const passed = inState('passed')
  const ready = slots.filter(startsWithAll)
  const asking = slots.find(asks)
  const working = inState('working').length + inState('identifying').length
  if (passed.length > 0 && passed.every(isIdentifiedOnly)) {
    return { words: next.takeOut(numbersText(passed), passed.length), urge: 'good' }
  }
  if (passed.length > 0) return { words: next.takeGood(numbersText(passed), passed.length), urge: 'good' }
  if (station.recipeName === null) return { words: next.noRecipe, urge: 'act' }
  if (asking !== undefined) return { words: next.which(asking.slot), urge: 'act' }
  if (ready.length > 0 && !station.autoStart) {
    return { words: next.start(numbersText(ready), ready.length), urge: 'act' }
  }
  if (working + ready.length > 0) return { words: next.wait(working + ready.length), urge: 'none' }
  if (inState('empty').some((view) => view.bystander === null)) return { words: next.insert, urge: 'act' }
  return { words: next.noPorts, urge: 'act' }
}

/** "1, 2, 5": the slots a sentence speaks of. */
function numbersText(slots: readonly { readonly slot: number }[]): string {
  return slots.map((view) => view.slot).join(', ')
}
