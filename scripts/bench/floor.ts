// What a board itself needs, out of its account: the floor under the time of a visit. A pause of the board, or its work
// on a request, counts only as far as the station could do nothing else.
import type { BoardAccount } from '../../src/main/sim/account.ts'
import { awaited, away, polling } from './trace.ts'

const parts = ['eraseMs', 'programMs', 'wireMs', 'waitMs', 'handlerMs', 'earlyMs', 'transfers'] as const
export type AccountSpan = Readonly<Record<(typeof parts)[number], number>>

export function spentBetween(from: BoardAccount, to: BoardAccount): AccountSpan {
  const entries = parts.map((name) => [name, to[name] - from[name]] as const)
  return Object.fromEntries(entries) as AccountSpan
}

export interface Floor {
  readonly floorMs: number
  readonly pausesMs: number
  /** Device OS at work on requests. */
  readonly handlersMs: number
}

export function floorOf(account: AccountSpan, split: ReadonlyMap<string, number>): Floor {
  const spent = (name: string) => split.get(name) ?? 0
  const pausesMs = Math.min(account.waitMs, spent(away) + spent(awaited))
  const handlersMs = Math.min(account.handlerMs, spent(polling) + account.earlyMs)
  const { eraseMs, programMs, wireMs, earlyMs } = account
  return { floorMs: eraseMs + programMs + wireMs - earlyMs + pausesMs + handlersMs, pausesMs, handlersMs }
}
