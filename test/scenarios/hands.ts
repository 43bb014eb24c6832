// The hands of a person at a simulated bench: boards go in and out of slots, buttons are held, plugs are pulled at a
// chosen moment of the traffic. Orders are data, so that they also reach a bench in another process.
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import { assertNever } from '../../src/shared/fault/fault.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import type { HeardBus, Word } from './traffic.ts'

/** The last of these words, once all of them were heard of a board in this order, others in between or not. */
export type Moment = readonly Word[]

/** Slots and boards count from 1. */
export type HandOrder =
  | { readonly act: 'plug'; readonly slot: number; readonly board: number }
  | { readonly act: 'unplug'; readonly slot: number }
  | { readonly act: 'hold-mode'; readonly slot: number }
  /** Once, as soon as the moment comes; the request of the moment does not reach the board any more. */
  | { readonly act: 'unplug-at'; readonly slot: number; readonly moment: Moment }
  /** Likewise the board hangs: from that request on it answers nothing until it is taken out. */
  | { readonly act: 'hang-at'; readonly slot: number; readonly moment: Moment }
  /** Likewise the time is noted, and nothing else happens. */
  | { readonly act: 'note-at'; readonly slot: number; readonly moment: Moment }

export interface BenchUnderHands {
  readonly clock: Clock
  readonly bus: SimulatedBus
  readonly heard: HeardBus
  /** Slot 1 first. */
  readonly ports: readonly PortPath[]
  readonly boards: readonly SimulatedBoard[]
}

interface Ambush {
  readonly act: 'unplug-at' | 'hang-at' | 'note-at'
  readonly moment: Moment
  heardWords: number
}

export interface Hands {
  obey(order: HandOrder): void
  watched(slot: number): WatchedSlot
}

/** Milliseconds by the clock of the bench; null for what has not happened. */
export interface WatchedSlot {
  /** When the last awaited moment came. */
  readonly struckAtMs: number | null
  /** When a board last left the bus here. */
  readonly leftAtMs: number | null
}

export function handsAt({ clock, bus, heard, ports, boards }: BenchUnderHands): Hands {
  const struck = new Map<PortPath, number>()
  const ambushes = new Map<PortPath, Ambush>()
  heard.hear((portPath, word) => {
    const ambush = ambushes.get(portPath)
    if (!ambush || ambush.moment[ambush.heardWords] !== word) return
    ambush.heardWords += 1
    if (ambush.heardWords < ambush.moment.length) return
    ambushes.delete(portPath)
    struck.set(portPath, clock.monotonic())
    if (ambush.act === 'hang-at') heard.silence(portPath)
    if (ambush.act !== 'unplug-at') return
    // In the middle of an arrival or a leaving the bus must first tell everybody of it.
    if (word === 'arrived' || word === 'left') queueMicrotask(() => bus.unplug(portPath))
    else bus.unplug(portPath)
  })
  const portOf = (slot: number) => there(ports[slot - 1], `slot ${slot}`)
  const boardIn = (wanted: PortPath) =>
    there(bus.boards().find(({ portPath }) => portPath === wanted)?.board, `board on ${wanted}`)
  const obey = (order: HandOrder): void => {
    const portPath = portOf(order.slot)
    switch (order.act) {
      case 'plug':
        bus.plug(portPath, there(boards[order.board - 1], `board ${order.board}`))
        break
      case 'unplug':
        bus.unplug(portPath)
        break
      case 'hold-mode':
        boardIn(portPath).holdMode()
        break
      case 'unplug-at':
      case 'hang-at':
      case 'note-at':
        ambushes.set(portPath, { act: order.act, moment: order.moment, heardWords: 0 })
        break
      default:
        assertNever(order)
    }
  }
  return {
    obey,
    watched: (slot) => {
      const portPath = portOf(slot)
      return { struckAtMs: struck.get(portPath) ?? null, leftAtMs: heard.leftAtMs(portPath) }
    },
  }
}

function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the bench has no ${what}`)
  return value
}
