// The trainer's hands at a simulated bench, by words: pull a board, put it back, hold its button. One order a line.

import { Fault } from '../../shared/fault/fault.ts'
import { type PortPath, parsePortPath } from '../../shared/model/ids.ts'
import type { Occupant, SimulatedBus } from '../sim/simulated-bus.ts'

export interface BenchHands {
  /** Carries out one line; the answer for the person. CALL_REJECTED when there is nothing to be done so. */
  obey(line: string): string
}

export const ordersHelp = 'unplug BUSID, plug BUSID, button BUSID'

/** The hands remember which board they took out of which port. */
export function handsAt(bus: SimulatedBus): BenchHands {
  const inHand = new Map<PortPath, Occupant>()
  const acts: Readonly<Record<string, (portPath: PortPath) => string>> = {
    unplug: (portPath) => {
      const taken = bus.unplug(portPath)
      if (!taken) throw refusal(`no board is in ${portPath}`)
      inHand.set(portPath, taken)
      return `${portPath} is unplugged`
    },
    plug: (portPath) => {
      const board = inHand.get(portPath)
      if (!board) throw refusal(`no board was taken out of ${portPath}`)
      bus.plug(portPath, board)
      inHand.delete(portPath)
      return `${portPath} is plugged in`
    },
    button: (portPath) => {
      const found = bus.occupants().find((place) => place.portPath === portPath)?.occupant
      if (!found) throw refusal(`no board with a MODE button is in ${portPath}`)
      if (found.kind === 'board') found.holdMode()
      else found.pressButton()
      return `${portPath}: ${found.kind === 'board' ? 'MODE' : 'the button of its loader'} was held over a RESET`
    },
  }
  return {
    obey: (line) => {
      const [word = '', place = '', ...more] = line.trim().split(/\s+/)
      const act = Object.hasOwn(acts, word) ? acts[word] : undefined
      const portPath = parsePortPath(place)
      if (!act || !portPath || more.length > 0) throw refusal(`"${line.trim()}" is no order; write ${ordersHelp}`)
      return act(portPath)
    },
  }
}

function refusal(detail: string): Fault {
  return new Fault('CALL_REJECTED', detail)
}
