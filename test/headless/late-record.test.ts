// A record that is closed after its board was told as not recorded: one result a board, and one line that says so.
import { describe, expect, it } from 'vitest'
import type { FlashResult } from '../../src/main/headless/flash-result.ts'
import { collectResults } from '../../src/main/headless/flash-results.ts'
import { nextSlot } from '../../src/main/station/slots/slot.ts'
import { playedDesk } from '../desk/desk-under-test.ts'
import { openingIn, recipe, workingSlot } from '../desk/samples.ts'

describe('a run whose ledger could not be written in time', () => {
  it('tells the board once, also when its record is closed at the end', async () => {
    const under = await playedDesk({ recipe: recipe(), autoStart: true })
    const results: FlashResult[] = []
    const notes: string[] = []
    const code = collectResults({
      ...{ desk: under.desk, count: null, takeLoaders: false, boards: 1, signal: new AbortController().signal },
      output: {
        json: true,
        result: (object) => {
          if (object && !('summary' in (object as object))) results.push(object as FlashResult)
        },
        text: async () => true,
        note: (line) => notes.push(line),
      },
    })
    under.says({ kind: 'ask', id: 1, ask: { kind: 'open', opening: openingIn(1) } })
    const find = () => under.hosts.latest().told.find((message) => message.kind === 'answer')
    await expect.poll(find).toBeDefined()
    const answer = find()
    const recordId = answer?.kind === 'answer' && answer.answer.ok ? answer.answer.value : null
    const fault = { code: 'LEDGER_UNWRITABLE', detail: 'disk full' } as const
    const given = nextSlot(workingSlot(1, recordId), {
      ...{ kind: 'finished', outcome: 'error', fault, durationMs: 5, endedAt: 7 },
    })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [given] } })
    // The end of the run closes what is open.
    expect(await code).toBe(3)
    expect(results).toMatchObject([{ recordId, outcome: 'error', fault: { code: 'LEDGER_UNWRITABLE' } }])
    expect(notes.filter((line) => line.includes(String(recordId)))).toEqual([
      expect.stringContaining('closed after all, as interrupted'),
    ])
  })
})
