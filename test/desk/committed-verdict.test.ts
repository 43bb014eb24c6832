// The ledger is right: what a slot shows after trouble is what is committed for its job.
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { nextSlot } from '../../src/main/station/slots/slot.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { type PlayedDesk, playedDesk } from './desk-under-test.ts'
import { closingOf, deviceId, openingIn, readySlot, recipe, workingSlot } from './samples.ts'

async function ask(under: PlayedDesk, id: number, what: Parameters<PlayedDesk['says']>[0] & { kind: 'ask' }) {
  under.says(what)
  const find = () => under.hosts.latest().told.find((message) => message.kind === 'answer' && message.id === id)
  await expect.poll(find, { timeout: 28_000 }).toBeDefined()
  const found = find()
  if (found?.kind !== 'answer') throw new Error(`no answer to ${id}`)
  return found.answer
}

async function openRecord(under: PlayedDesk, slot: number): Promise<RecordId> {
  const answer = await ask(under, slot, { kind: 'ask', id: slot, ask: { kind: 'open', opening: openingIn(slot) } })
  if (!answer.ok || !answer.value) throw new Error('the record was not opened')
  return answer.value
}

async function nextProcess(under: PlayedDesk): Promise<void> {
  await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
  await expect.poll(() => under.commands().length).toBeGreaterThan(0)
}

describe('a USB process that dies', () => {
  it('between the commit and its last frame: the slot shows the committed outcome, and the next process holds it', async () => {
    const under = await playedDesk({ recipe: recipe() })
    const recordId = await openRecord(under, 1)
    under.says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1, recordId)] } })
    await ask(under, 9, { kind: 'ask', id: 9, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
    expect(under.slots()[0]?.state).toBe('working')
    under.hosts.latest().ends({ signal: 'SIGSEGV' })
    expect(under.slots()[0]).toMatchObject({ state: 'passed', fault: null, job: { recordId, outcome: 'pass' } })
    expect(under.records.map(({ closing }) => closing?.outcome)).toEqual(['pass'])
    await nextProcess(under)
    expect(under.commands()).toContainEqual({
      kind: 'hold',
      boards: [
        {
          slot: 1,
          job: 'flash',
          name: deviceId(1),
          faces: [],
          recordId,
          outcome: 'pass',
          fault: null,
          durationMs: 60_000,
        },
      ],
    })
  })

  it('between the opening of a record and the frame that shows the job: its board is held all the same', async () => {
    const under = await playedDesk({ recipe: recipe() })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [readySlot(2)] } })
    const recordId = await openRecord(under, 2)
    under.hosts.latest().ends({ signal: 'SIGKILL' })
    await nextProcess(under)
    expect(under.commands().find(({ kind }) => kind === 'hold')).toMatchObject({
      boards: [{ slot: 2, name: deviceId(2), recordId, outcome: 'interrupted', fault: { code: 'HOST_CRASHED' } }],
    })
  })
})

describe('a USB process that is ended for another bus', () => {
  it('leaves no record open, though its job could not end', async () => {
    const under = await playedDesk({ recipe: recipe() })
    const recordId = await openRecord(under, 1)
    await under.call('setSimulation', { on: true })
    expect(under.records).toMatchObject([
      { recordId, closing: { outcome: 'interrupted', fault: { code: 'HOST_CRASHED' } } },
    ])
  })
})

describe('a closing that came too late for its job', () => {
  it('is what the slot shows from then on, whatever the process says', async () => {
    const under = await playedDesk({ recipe: recipe() })
    const recordId = await openRecord(under, 1)
    const held = new Sqlite(dataFolderAt(under.folder).ledger)
    held.exec('BEGIN IMMEDIATE')
    const closing = closingOf(recordId, 'pass')
    const answer = await ask(under, 9, { kind: 'ask', id: 9, ask: { kind: 'close', closing } })
    expect(answer).toMatchObject({ ok: false, fault: { code: 'LEDGER_UNWRITABLE' } })
    const fault = { code: 'LEDGER_UNWRITABLE', detail: 'locked' } as const
    const given = nextSlot(workingSlot(1, recordId), {
      ...{ kind: 'finished', outcome: 'error', fault, durationMs: 5, endedAt: 7 },
    })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [given] } })
    expect(under.slots()[0]?.state).toBe('error')
    held.exec('ROLLBACK')
    held.close()
    // The next record that is wanted writes what is kept first.
    await openRecord(under, 2)
    expect(under.slots()[0]).toMatchObject({ state: 'passed', fault: null, job: { outcome: 'pass' } })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [given] } })
    expect(under.slots()[0]?.state).toBe('passed')
    expect(under.station().tally).toEqual({ pass: 1, fail: 0, error: 0 })
  }, 60_000)
})
