// A desk for tests of doors: it implements the interface, remembers what it was asked, and says what the test gives it.

import type { Desk } from '../../src/main/desk/desk.ts'
import type { Log } from '../../src/main/station/ports.ts'
import type { FeedFrame, FeedName, Handlers } from '../../src/shared/contract/contract.ts'
import { callNames } from '../../src/shared/contract/contract.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
}

export interface TestDesk extends Desk {
  /** Every call that reached a handler, in order. */
  readonly asked: { readonly name: string; readonly input: unknown }[]
  /** How often a feed was watched from its beginning. */
  readonly watched: () => number
  readonly watching: () => number
  /** Sends a frame that is not full to everybody who watches the bench. */
  news(changes?: Partial<BenchFrame>): void
  exportLines: () => AsyncIterable<string>
}

export function benchFrame(changes: Partial<BenchFrame> = {}): BenchFrame {
  return {
    revision: 1,
    full: true,
    station: {
      stationId: 'test-station',
      softwareVersion: '0.0.0',
      recipeName: null,
      isSimulated: true,
      autoStart: false,
      operator: null,
      recipeWarning: null,
      quirkWarning: null,
      focus: null,
      strayPorts: [],
      learningSlot: null,
      usb: { up: true },
      tally: { pass: 0, fail: 0, error: 0 },
      closedAtStart: 0,
    },
    slots: [],
    ...changes,
  }
}

export function createTestDesk(): TestDesk {
  const listeners = new Set<(frame: BenchFrame) => void>()
  const asked: TestDesk['asked'] = []
  let watched = 0
  let revision = 1
  const handlers = Object.fromEntries(
    callNames.map((name) => [
      name,
      async (input: unknown) => {
        asked.push({ name, input })
        return name === 'listRecipes' ? [] : null
      },
    ]),
  )
  const desk: TestDesk = {
    handlers: handlers as unknown as Handlers,
    asked,
    watched: () => watched,
    watching: () => listeners.size,
    watch: <N extends FeedName>(_feed: N, listener: (frame: FeedFrame<N>) => void) => {
      const listen = listener as (frame: BenchFrame) => void
      watched += 1
      listen(benchFrame({ revision }))
      listeners.add(listen)
      return () => listeners.delete(listen)
    },
    news: (changes) => {
      revision += 1
      for (const listener of [...listeners]) listener(benchFrame({ revision, full: false, ...changes }))
    },
    exportLines: async function* () {
      yield 'id,outcome\r\n'
      yield '1,pass\r\n'
    },
    exportText: () => desk.exportLines(),
    onRecord: () => () => undefined,
    onBenchDone: () => () => undefined,
    madeFile: () => null,
    openPack: async () => undefined,
    askAboutPack: async () => ({ title: 'a pack', instead: null }),
    close: async () => undefined,
  }
  return desk
}
