// The hands of a person at a simulated bench: boards go in and out of slots, buttons are held, plugs are pulled at a
// chosen moment of the traffic. Orders are data, so that they also reach a bench in another process.
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
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

export interface BenchUnderHands {
  readonly bus: SimulatedBus
  readonly heard: HeardBus
  /** Slot 1 first. */
  readonly ports: readonly PortPath[]
  readonly boards: readonly SimulatedBoard[]
}

export type Hands = (order: HandOrder) => void

export function handsAt({ bus, heard, ports, boards }: BenchUnderHands): Hands {
  const ambushes = new Map<PortPath, { readonly moment: Moment; heardWords: number }>()
  heard.hear((portPath, word) => {
    const ambush = ambushes.get(portPath)
    if (!ambush || ambush.moment[ambush.heardWords] !== word) return
    ambush.heardWords += 1
    if (ambush.heardWords < ambush.moment.length) return
    ambushes.delete(portPath)
    // In the middle of an arrival or a leaving the bus must first tell everybody of it.
    if (word === 'arrived' || word === 'left') queueMicrotask(() => bus.unplug(portPath))
    else bus.unplug(portPath)
  })
  const portOf = (slot: number) => there(ports[slot - 1], `slot ${slot}`)
  return (order) => {
    const portPath = portOf(order.slot)
    switch (order.act) {
      case 'plug':
        return bus.plug(portPath, there(boards[order.board - 1], `board ${order.board}`))
      case 'unplug':
        return void bus.unplug(portPath)
      case 'hold-mode':
        return bus
          .boards()
          .find((each) => each.portPath === portPath)
          ?.board.holdMode()
      case 'unplug-at':
        return void ambushes.set(portPath, { moment: order.moment, heardWords: 0 })
      default:
        return assertNever(order)
    }
  }
}

function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the bench has no ${what}`)
  return value
}
