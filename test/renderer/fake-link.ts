// A station that is played by the test: it answers calls from a table, remembers them, and pushes the frames it is told.

import type { Connection, DoorLink } from '../../src/renderer/station/link.ts'
import type { CallInput, CallName, CallOutput, FeedFrame, FeedName } from '../../src/shared/contract/contract.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'

export type Answers = { readonly [N in CallName]?: (input: CallInput<N>) => CallOutput<N> | Promise<CallOutput<N>> }

export interface FakeLink extends DoorLink {
  readonly calls: readonly { readonly name: CallName; readonly input: unknown }[]
  inputsOf(name: CallName): readonly unknown[]
  /** How often the feed was asked for since the start. */
  watches(feed: FeedName): number
  push<N extends FeedName>(feed: N, frame: FeedFrame<N>): void
  setConnection(connection: Connection): void
}

interface FakeLinkOptions {
  readonly answers?: Answers
  /** What each new watch of the bench gets at once; null for nothing. */
  readonly firstFrame?: () => BenchFrame | null
}

export function fakeLink({ answers = {}, firstFrame = () => null }: FakeLinkOptions = {}): FakeLink {
  const calls: { name: CallName; input: unknown }[] = []
  const watchers = new Map<FeedName, Set<(frame: never) => void>>()
  const asked = new Map<FeedName, number>()
  const connectionListeners = new Set<(connection: Connection) => void>()
  let connection: Connection = 'open'
  return {
    calls,
    inputsOf: (name) => calls.filter((call) => call.name === name).map((call) => call.input),
    watches: (feed) => asked.get(feed) ?? 0,
    async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
      calls.push({ name, input })
      const answer = answers[name] as ((input: CallInput<N>) => CallOutput<N> | Promise<CallOutput<N>>) | undefined
      if (answer === undefined) throw new Fault('CALL_REJECTED', `the fake station has no answer to ${name}`)
      return answer(input)
    },
    watch(feed, listener) {
      asked.set(feed, (asked.get(feed) ?? 0) + 1)
      const listeners = watchers.get(feed) ?? new Set()
      watchers.set(feed, listeners)
      listeners.add(listener)
      const first = feed === 'bench' ? firstFrame() : null
      if (first !== null) listener(first as never)
      return () => {
        listeners.delete(listener)
      }
    },
    push(feed, frame) {
      for (const listener of [...(watchers.get(feed) ?? [])]) listener(frame as never)
    },
    watchConnection(listener) {
      connectionListeners.add(listener)
      listener(connection)
      return () => {
        connectionListeners.delete(listener)
      }
    },
    setConnection(next) {
      connection = next
      for (const listener of connectionListeners) listener(next)
    },
  }
}
