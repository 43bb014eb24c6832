// When a run is over, and what it has told by then: with a USB process that the test plays, as on real USB.
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { FlashResult, Summary } from '../../src/main/headless/flash-result.ts'
import { collectResults } from '../../src/main/headless/flash-results.ts'
import type { Output } from '../../src/main/headless/output.ts'
import { nextSlot } from '../../src/main/station/slots/slot.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import type { Outcome } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import { type PlayedDesk, playedDesk } from '../desk/desk-under-test.ts'
import { closingOf, openingIn, port, readySlot, recipe, workingSlot } from '../desk/samples.ts'

function keptOutput() {
  const results: FlashResult[] = []
  const notes: string[] = []
  const summaries: Summary[] = []
  const output: Output = {
    json: true,
    result: (object) => {
      if (typeof object === 'object' && object !== null && 'summary' in object) {
        summaries.push(object.summary as Summary)
      } else results.push(object as FlashResult)
    },
    text: async () => true,
    note: (line) => {
      notes.push(line)
    },
  }
  return { output, results, notes, summaries }
}

async function run(of: { readonly count?: number; readonly boards?: number; readonly takeLoaders?: boolean } = {}) {
  const { count = null, boards = null, takeLoaders = false } = of
  const under = await playedDesk({ recipe: recipe(), autoStart: count === null })
  await under.call('setSlotCount', { count: 4 })
  for (const slot of [1, 2, 3, 4]) {
    under.says({ kind: 'news', news: { kind: 'learnt', slot, portPath: port(`1-${slot}`) } })
  }
  const kept = keptOutput()
  const stop = new AbortController()
  const { output } = kept
  const code = collectResults({ desk: under.desk, output, count, boards, takeLoaders, signal: stop.signal })
  return { ...kept, under, code, stop }
}

let lastAsk = 0

async function openRecord(under: PlayedDesk, slot: number): Promise<RecordId> {
  lastAsk += 1
  const id = lastAsk
  under.says({ kind: 'ask', id, ask: { kind: 'open', opening: openingIn(slot) } })
  const find = () => under.hosts.latest().told.find((message) => message.kind === 'answer' && message.id === id)
  await expect.poll(find).toBeDefined()
  const answer = find()
  if (answer?.kind !== 'answer' || !answer.answer.ok || !answer.answer.value) throw new Error('not opened')
  return answer.answer.value
}

function shows(under: PlayedDesk, ...slots: readonly SlotView[]): void {
  under.says({ kind: 'news', news: { kind: 'slots', slots } })
}

function finished(slot: number, recordId: RecordId | null, outcome: Outcome): SlotView {
  const fault = outcome === 'pass' ? null : ({ code: 'LEDGER_UNWRITABLE', detail: 'disk full' } as const)
  return nextSlot(workingSlot(slot, recordId), { kind: 'finished', outcome, fault, durationMs: 5, endedAt: 7 })
}

async function passes(under: PlayedDesk, slot: number): Promise<RecordId> {
  const recordId = await openRecord(under, slot)
  shows(under, workingSlot(slot, recordId))
  lastAsk += 1
  under.says({ kind: 'ask', id: lastAsk, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
  await expect.poll(() => under.records.some((record) => record.recordId === recordId)).toBe(true)
  shows(under, finished(slot, recordId, 'pass'))
  return recordId
}

function starts(under: PlayedDesk) {
  return under.commands().filter(({ kind }) => kind === 'start')
}

describe('a run on real USB', () => {
  it('waits for boards, and ends when every one that is there is done', async () => {
    const { under, code, results, summaries, notes } = await run()
    shows(under, readySlot(1), readySlot(2))
    await passes(under, 1)
    // Longer than a bench must be still: the second board is only at work.
    shows(under, workingSlot(2))
    await delay(1_600)
    expect(summaries).toEqual([])
    await passes(under, 2)
    expect(await code).toBe(0)
    expect(results.map(({ slot, outcome }) => [slot, outcome])).toEqual([
      [1, 'pass'],
      [2, 'pass'],
    ])
    expect(summaries).toEqual([{ pass: 2, fail: 0, error: 0 }])
    expect(notes).toEqual(['Waiting for boards.'])
  })

  it('tells what it waits for, and ends without it', async () => {
    const { under, code, results, notes } = await run()
    const question = '0483:df11 is a loader that many products share: is this a Lamp? START says yes'
    shows(under, { ...readySlot(2), question })
    await passes(under, 1)
    expect(await code).toBe(1)
    expect(results.map(({ slot, outcome, question: asked }) => [slot, outcome, asked])).toEqual([
      [1, 'pass', null],
      [2, 'waiting', question],
    ])
    expect(notes).toEqual(['Waiting for boards.', `slot 2 waits: ${question}; --take-loaders says yes`])
    expect(starts(under)).toEqual([])
  })

  it('answers for shared loaders where it was told to, once for each, and for no other doubt', async () => {
    const { under, code, results, notes } = await run({ takeLoaders: true })
    const question = '0483:df11 is a loader that many products share: is this a Lamp? START says yes'
    const doubt = '0483:df11 came in its loader right after a board had passed: is this the next one? START says yes'
    shows(under, { ...readySlot(1), question }, { ...readySlot(2), question: doubt })
    await expect.poll(() => starts(under)).toEqual([{ kind: 'start', slots: [1] }])
    await passes(under, 1)
    expect(await code).toBe(1)
    expect(results.map(({ slot, outcome }) => [slot, outcome])).toEqual([
      [1, 'pass'],
      [2, 'waiting'],
    ])
    expect(notes).toEqual(['Waiting for boards.', `slot 2 waits: ${doubt}`])
    expect(starts(under)).toHaveLength(1)
  })

  it('with a count starts no board whose product nobody named', async () => {
    const { under, code, results } = await run({ count: 1 })
    const question = '0483:df11 is a loader that many products share: is this a Lamp? START says yes'
    shows(under, { ...readySlot(1), question })
    await delay(500)
    shows(under, { ...readySlot(1), question }, readySlot(2))
    await expect.poll(() => starts(under)).toEqual([{ kind: 'start', slots: [2] }])
    await passes(under, 2)
    expect(await code).toBe(0)
    expect(results.map(({ slot, outcome }) => [slot, outcome])).toEqual([[2, 'pass']])
  })

  it('tells a board that no slot has room for: not all passed', async () => {
    const { under, code, results } = await run()
    under.says({ kind: 'news', news: { kind: 'strays', ports: [port('2-1')] } })
    await passes(under, 1)
    expect(await code).toBe(1)
    expect(results.at(-1)).toMatchObject({
      ...{ slot: null, portPath: '2-1', outcome: 'error', recordId: null, modules: [] },
      fault: { code: 'PORT_UNASSIGNED', remedy: expect.stringContaining('Settings') },
    })
  })

  it('tells a refused board once for each of its visits', async () => {
    const { under, code, results } = await run()
    const fault = { code: 'IDENTITY_UNREADABLE', detail: 'no device ID' } as const
    const refused = nextSlot(readySlot(1), { kind: 'refused', fault })
    shows(under, refused)
    await expect.poll(() => results.length).toBe(1)
    shows(under, { ...refused, log: [{ at: 1, text: 'again' }] })
    shows(under, nextSlot(refused, { kind: 'left' }))
    await delay(300)
    shows(under, refused)
    expect(await code).toBe(1)
    expect(results.map(({ outcome, recordId }) => [outcome, recordId])).toEqual([
      ['fail', null],
      ['fail', null],
    ])
  })

  it('ends when the ledger cannot be written, by no record or an open one, and tells each board', async () => {
    const { under, code, results } = await run()
    const recordId = await openRecord(under, 2)
    shows(under, finished(1, null, 'error'), finished(2, recordId, 'error'))
    expect(await code).toBe(3)
    expect(results.slice(0, 2)).toMatchObject([
      { slot: 1, outcome: 'error', recordId: null, fault: { code: 'LEDGER_UNWRITABLE' } },
      { slot: 2, outcome: 'error', recordId, fault: { code: 'LEDGER_UNWRITABLE' } },
    ])
  })

  it('that is stopped tells what it cut off, before the summary', async () => {
    const { under, code, results, summaries, stop } = await run()
    const recordId = await openRecord(under, 3)
    shows(under, workingSlot(3, recordId))
    stop.abort()
    expect(await code).toBe(3)
    expect(results).toMatchObject([{ recordId, outcome: 'interrupted', fault: { code: 'STATION_CRASHED' } }])
    expect(summaries).toEqual([{ pass: 0, fail: 0, error: 1 }])
  })
})

describe('a USB process that dies during a run', () => {
  it('leaves its boards to people: the run ends with 3, each board told once', async () => {
    const { under, code, results, notes } = await run({ boards: 3 })
    await passes(under, 1)
    const recordId = await openRecord(under, 2)
    shows(under, workingSlot(2, recordId), readySlot(3))
    under.hosts.latest().ends({ signal: 'SIGSEGV' })
    // The next one shows what it holds; that is no second result.
    await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
    under.says({ kind: 'ready' })
    shows(under, readySlot(2))
    await delay(200)
    shows(under, finished(2, recordId, 'interrupted'))
    expect(await code).toBe(3)
    expect(results.map(({ slot, outcome }) => [slot, outcome])).toEqual([
      [1, 'pass'],
      [2, 'interrupted'],
    ])
    expect(notes.filter((line) => line.includes('SIGSEGV'))).toHaveLength(1)
  })
})

describe('a run with a count', () => {
  it('starts as many boards as are still wanted, and never more', async () => {
    const { under, code, results } = await run({ count: 2 })
    const started = () => under.commands().flatMap((command) => (command.kind === 'start' ? command.slots : []))
    shows(under, readySlot(1), readySlot(2), readySlot(3))
    await expect.poll(started).toEqual([1, 2])
    await passes(under, 1)
    shows(under, finished(2, null, 'error'))
    expect(await code).toBe(3)
    expect(results).toHaveLength(2)
    expect(started()).toEqual([1, 2])
  })

  it('starts another one when a board leaves before its job begins', async () => {
    const { under, stop, code } = await run({ count: 1 })
    const started = () => under.commands().flatMap((command) => (command.kind === 'start' ? command.slots : []))
    shows(under, readySlot(1))
    await expect.poll(started).toEqual([1])
    shows(under, nextSlot(readySlot(1), { kind: 'left' }), readySlot(2))
    await expect.poll(started).toEqual([1, 2])
    stop.abort()
    expect(await code).toBe(3)
  })
})
