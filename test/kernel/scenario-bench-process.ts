// The process in which the boards of a scenario live: a simulated bus plugged into the test kernel, and hands that obey
// the test. One bench for each process.
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { type BoardEntry, placed } from '../scenarios/bench-boards.ts'
import type { BenchBoard } from '../scenarios/ground.ts'
import { type HandOrder, type Hands, handsAt, type WatchedSlot } from '../scenarios/hands.ts'
import { hearTraffic } from '../scenarios/traffic.ts'
import { plugBus } from './plug-bus.ts'
import { systemNowMs } from './system-time.ts'

export type ScenarioBenchOrder =
  | { readonly act: 'open'; readonly bench: OpeningOrder }
  | { readonly act: 'hand'; readonly order: HandOrder }
  | { readonly act: 'watched'; readonly slot: number }

export interface OpeningOrder {
  readonly boards: readonly BoardEntry[]
  readonly slots: number
  readonly isEmpty: boolean
  readonly speed: number
}

export interface NumberedOrder {
  readonly id: number
  readonly order: ScenarioBenchOrder
}

/** `value` is what was asked for: the boards, or what is known of a port, by the system's clock. */
export type ScenarioBenchAnswer =
  | { readonly id: number; readonly value: readonly BenchBoard[] | WatchedSlot | null }
  | { readonly id: number; readonly refused: string }

let hands: Hands | null = null

/** Reads the time once in each turn of the event loop: on the test kernel a reading costs 30 us, as much as a request. */
function turnClock(): Clock {
  let nowMs: number | null = null
  const forget = () => {
    nowMs = null
  }
  return {
    ...systemClock,
    monotonic: () => {
      if (nowMs === null) {
        nowMs = systemClock.monotonic()
        setImmediate(forget)
      }
      return nowMs
    },
  }
}

function obey(order: ScenarioBenchOrder): readonly BenchBoard[] | WatchedSlot | null {
  if (order.act === 'open') return open(order.bench)
  if (!hands) throw new Error('no bench yet')
  if (order.act === 'hand') {
    hands.obey(order.order)
    return null
  }
  const { struckAtMs, leftAtMs } = hands.watched(order.slot)
  const bySystem = (ms: number | null) => ms && ms - systemClock.monotonic() + systemNowMs()
  return { struckAtMs: bySystem(struckAtMs), leftAtMs: bySystem(leftAtMs) }
}

function open(order: OpeningOrder): readonly BenchBoard[] {
  const clock = turnClock()
  const bus = createSimulatedBus({ clock, speed: order.speed })
  const heard = hearTraffic(bus, clock)
  const all = placed(order.boards)
  const boards = all.map(({ spec }) => createSimulatedBoard(spec))
  const ports = all.slice(0, order.slots).map(({ portPath }) => portPath)
  hands = handsAt({ clock, bus, heard, ports, boards })
  plugBus(heard, ports)
  if (!order.isEmpty) for (const at of ports.keys()) hands.obey({ act: 'plug', slot: at + 1, board: at + 1 })
  return boards.map((board) => board.facts())
}

const answer = (words: ScenarioBenchAnswer): void => void process.send?.(words)

process.on('message', ({ id, order }: NumberedOrder) => {
  try {
    answer({ id, value: obey(order) })
  } catch (thrown) {
    answer({ id, refused: String(thrown) })
  }
})
process.on('disconnect', () => process.exit(0))
