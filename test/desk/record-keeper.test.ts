// A ledger that refuses for a while: no account of a board is lost for it, and none is written twice or out of turn.
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { keepRecords } from '../../src/main/desk/record-keeper.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { RecordClosing } from '../../src/shared/model/record.ts'
import { keptLog } from '../host/fake-host.ts'
import { closingOf, openingIn } from './samples.ts'

function keeper() {
  const clock = createVirtualClock()
  const ledger = openLedger({ file: ':memory:', stationId: 'S', softwareVersion: '0', clock })
  const door = { isShut: false, knocks: 0 }
  const closed: RecordClosing[] = []
  const log = keptLog()
  const records = keepRecords({
    ledger: {
      openRecord: ledger.openRecord,
      closeRecord: (closing) => {
        door.knocks += 1
        if (door.isShut) throw new Fault('LEDGER_UNWRITABLE', 'database is locked (SQLITE_BUSY)')
        ledger.closeRecord(closing)
      },
      closeInterrupted: ledger.closeInterrupted,
    },
    ...{ clock, log },
    onClosed: (closing) => closed.push(closing),
  })
  onTestFinished(() => {
    records[Symbol.dispose]()
    ledger[Symbol.dispose]()
  })
  const outcomes = () => ledger.search({}).records.map(({ outcome }) => outcome)
  return { clock, ledger, door, closed, log, records, outcomes }
}

const unwritable = { code: 'LEDGER_UNWRITABLE' }

describe('a closing that the ledger refuses', () => {
  it('is tried again, and the job that waits hears of nothing but its commit', async () => {
    const { clock, door, closed, records, outcomes } = keeper()
    const recordId = await records.sink.open(openingIn(1))
    door.isShut = true
    const closing = records.sink.close(closingOf(recordId, 'pass'))
    await clock.sleep(3_000)
    expect(closed).toEqual([])
    door.isShut = false
    await closing
    expect(closed).toHaveLength(1)
    expect(outcomes()).toEqual(['pass'])
  })

  it('is told to the job before that gives up by itself, and is kept: one commit once the ledger can', async () => {
    const { clock, door, closed, records, outcomes } = keeper()
    const recordId = await records.sink.open(openingIn(1))
    door.isShut = true
    await expect(records.sink.close(closingOf(recordId, 'pass'))).rejects.toMatchObject(unwritable)
    // A ledger that is held takes 2 s for each refusal; a job waits 30 s.
    expect(clock.monotonic() + door.knocks * 2_000).toBeLessThan(30_000)
    await clock.sleep(120_000)
    expect(outcomes()).toEqual(['open'])
    door.isShut = false
    while (closed.length === 0) await clock.sleep(1_000)
    expect(outcomes()).toEqual(['pass'])
    const knocks = door.knocks
    await clock.sleep(60_000)
    expect(door.knocks).toBe(knocks)
  })

  it('is written before anything is closed as interrupted', async () => {
    const { door, records, outcomes } = keeper()
    const proven = await records.sink.open(openingIn(1))
    await records.sink.open(openingIn(2))
    door.isShut = true
    await expect(records.sink.close(closingOf(proven, 'pass'))).rejects.toMatchObject(unwritable)
    const fault = { code: 'HOST_CRASHED', detail: 'gone' } as const
    expect(() => records.closeInterrupted(fault)).toThrow('SQLITE_BUSY')
    expect(outcomes()).toEqual(['open', 'open'])
    door.isShut = false
    expect(records.closeInterrupted(fault)).toMatchObject([{ slot: 2 }])
    expect(outcomes()).toEqual(['interrupted', 'pass'])
  })

  it('lets no new record be opened before it is written', async () => {
    const { door, records, outcomes } = keeper()
    const recordId = await records.sink.open(openingIn(1))
    door.isShut = true
    await expect(records.sink.close(closingOf(recordId, 'fail'))).rejects.toMatchObject(unwritable)
    await expect(records.sink.open(openingIn(2))).rejects.toMatchObject(unwritable)
    expect(outcomes()).toEqual(['open'])
    door.isShut = false
    await records.sink.open(openingIn(2))
    expect(outcomes()).toEqual(['open', 'fail'])
  })

  it('and that of a whole bench: the ledger is asked once a round, not once a board', async () => {
    const { clock, door, records, outcomes } = keeper()
    const ids = await Promise.all(Array.from({ length: 32 }, (_, at) => records.sink.open(openingIn(at + 1))))
    door.isShut = true
    const all = Promise.all(ids.map((id) => records.sink.close(closingOf(id, 'pass'))))
    await clock.sleep(2_000)
    expect(door.knocks).toBeLessThanOrEqual(4)
    door.isShut = false
    await all
    expect(new Set(outcomes())).toEqual(new Set(['pass']))
  })

  it('by a rule of its own is refused at once, and does not stand in the way of others', async () => {
    const { clock, door, records, outcomes } = keeper()
    const recordId = await records.sink.open(openingIn(1))
    const other = await records.sink.open(openingIn(2))
    const results = await Promise.allSettled([
      records.sink.close(closingOf(recordId, 'fail')),
      records.sink.close(closingOf(recordId, 'pass')),
      records.sink.close(closingOf(other, 'pass')),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(clock.monotonic()).toBe(0)
    expect(door.knocks).toBe(3)
    expect(outcomes()).toEqual(['pass', 'fail'])
  })

  it('to the end of the station is named in the log', async () => {
    const { door, log, records } = keeper()
    const recordId = await records.sink.open(openingIn(1))
    door.isShut = true
    await expect(records.sink.close(closingOf(recordId, 'pass'))).rejects.toMatchObject(unwritable)
    records[Symbol.dispose]()
    expect(log.lines.join()).toContain(recordId)
  })
})
