// The hands of a simulated bench: a board with a verdict is taken out after a while, and the next one put in. What a
// demo, a training bench and a headless run need; real benches have people.
import type { SlotState, SlotView } from '../../shared/model/slot.ts'
import { makeFacts } from '../sim/board-identity.ts'
import { parseFault } from '../sim/faults.ts'
import { nextOf } from '../sim/generic/device-entry.ts'
import { createDfuDevice } from '../sim/generic/dfu-device.ts'
import { createSimulatedBoard } from '../sim/simulated-board.ts'
import type { Occupant, SimulatedBus } from '../sim/simulated-bus.ts'
import type { Clock } from '../station/ports.ts'
import type { Station } from '../station/station.ts'
import type { BenchOperatorOrders } from './link.ts'

export interface BenchOperatorOptions {
  readonly bus: SimulatedBus
  readonly station: Station
  readonly clock: Clock
  readonly orders: BenchOperatorOrders
  readonly signal: AbortSignal
  /** No more boards to put in, and the bench is empty. */
  readonly onDone: () => void
}

const isVerdict: ReadonlySet<SlotState> = new Set(['passed', 'failed', 'error', 'aborted', 'interrupted', 'refused'])
/** From an empty slot to the next board in it. */
const nextBoardMs = 1_500
/** On an endless bench one board in so many stores nothing of what it is given, so that a FAIL is seen too. */
const badBoardEvery = 11

export function startBenchOperator(options: BenchOperatorOptions): void {
  const { bus, station, orders } = options
  const hands = { taken: bus.takenPorts().length, busy: new Set<number>(), done: false }
  const look = (view: SlotView) => {
    if (!isVerdict.has(view.state) || hands.busy.has(view.slot)) return
    hands.busy.add(view.slot)
    change(options, view, () => nextIndex(hands, orders))
      .catch(() => undefined)
      .finally(() => {
        hands.busy.delete(view.slot)
        tellWhenDone(options, hands)
      })
  }
  station.watch((news) => {
    if (news.kind === 'slots') for (const view of news.slots) look(view)
  })
}

interface Hands {
  taken: number
  readonly busy: ReadonlySet<number>
  done: boolean
}

/** Number of the next board, or null when there is none left. */
function nextIndex(hands: Hands, orders: BenchOperatorOrders): number | null {
  if (orders.boardsInAll > 0 && hands.taken >= orders.boardsInAll) return null
  hands.taken += 1
  return hands.taken - 1
}

async function change(options: BenchOperatorOptions, view: SlotView, next: () => number | null): Promise<void> {
  const { bus, clock, orders, signal } = options
  const { portPath } = view
  if (!portPath) return
  await clock.sleep(orders.holdMs, signal)
  const board = bus.unplug(portPath)
  const index = next()
  if (index === null) return
  await clock.sleep(Math.min(nextBoardMs, orders.holdMs), signal)
  const isBad = orders.boardsInAll === 0 && index % badBoardEvery === badBoardEvery - 1
  bus.plug(portPath, nextBoard(board, index, isBad))
}

/** The next of the same kind. */
function nextBoard(before: Occupant | null, index: number, isBad: boolean): Occupant {
  if (before?.kind === 'dfu-device') return createDfuDevice(nextOf(before.spec, index, isBad))
  return createSimulatedBoard({
    facts: makeFacts(before?.facts().platform ?? 'boron', index),
    deviceOs: null,
    start: 'normal',
    protection: 'open',
    faults: isBad ? [parseFault('silent write')] : [],
    dfuStart: null,
  })
}

function tellWhenDone({ bus, onDone }: BenchOperatorOptions, hands: Hands): void {
  if (hands.done || hands.busy.size > 0 || bus.takenPorts().length > 0) return
  hands.done = true
  onDone()
}
