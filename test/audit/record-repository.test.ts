import fs from 'node:fs'
import { expect, test } from 'vitest'
import type { Fault } from '../../src/shared/fault/fault.ts'
import { asRecordId, type RecordId } from '../../src/shared/model/ids.ts'
import type { RecordClosing } from '../../src/shared/model/record.ts'
import { closing, moduleRecord, opening, startOfTime, stepRecord } from './record-samples.ts'
import { temporaryFile, temporaryLedger } from './temporary-ledger.ts'

function faultOf(work: () => unknown): Pick<Fault, 'code' | 'detail'> {
  try {
    work()
  } catch (thrown) {
    return thrown as Fault
  }
  throw new Error('nothing was thrown')
}

test('a record is read as it was opened, open until it is closed', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  const { limits: _, ...opened } = opening()
  expect(ledger.record(recordId)).toEqual({
    ...opened,
    recordId,
    stationId: 'SZ-L2-P03',
    softwareVersion: '0.1.0',
    closing: null,
  })
  expect(ledger.search({}).records.map((record) => record.outcome)).toEqual(['open'])
})

test('a closing is read as it was written, with its steps and modules in order', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  const { recordId: _, ...written } = closing(recordId, {
    outcome: 'fail',
    fault: { code: 'DFU_VERIFY_FAILED', detail: 'first difference at 0x30004' },
    steps: [stepRecord(0), stepRecord(1, { result: 'failed', detail: 'stalled' })],
  })
  ledger.closeRecord({ recordId, ...written })
  expect(ledger.record(recordId)?.closing).toEqual(written)
})

test('fractions of a millisecond are rounded away', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening({ startedAt: startOfTime + 0.25 }))
  ledger.closeRecord(closing(recordId, { durationMs: 12.75, steps: [stepRecord(0, { durationMs: 1.5 })] }))
  const record = ledger.record(recordId)
  expect([record?.startedAt, record?.closing?.durationMs, record?.closing?.steps[0]?.durationMs]).toEqual([
    startOfTime,
    13,
    2,
  ])
})

test('a 20-digit ICCID and a serial with leading zeros keep all their digits', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening({ iccid: '89014103211118510720', serialNumber: '000123' }))
  const record = ledger.record(recordId)
  expect([record?.iccid, record?.serialNumber]).toEqual(['89014103211118510720', '000123'])
})

test('a second closing is refused and changes nothing', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  ledger.closeRecord(closing(recordId))
  const before = ledger.record(recordId)
  const again = closing(recordId, { outcome: 'aborted', steps: [stepRecord(7)] })
  expect(faultOf(() => ledger.closeRecord(again))).toMatchObject({
    code: 'INTERNAL',
    detail: expect.stringMatching(/closed already/),
  })
  expect(ledger.record(recordId)).toEqual(before)
})

test('a record that was never opened cannot be closed', () => {
  const unknown = asRecordId('01930000-0000-7000-8000-000000000000')
  expect(faultOf(() => temporaryLedger().closeRecord(closing(unknown))).detail).toMatch(/no record/)
})

const lies: readonly (readonly [string, (recordId: RecordId) => RecordClosing])[] = [
  [
    'a pass of a module that was written and not proven',
    (id) => closing(id, { modules: [moduleRecord({ proof: 'none' })] }),
  ],
  [
    'a pass with a module that was not reached',
    (id) => closing(id, { modules: [moduleRecord({ action: 'not reached' })] }),
  ],
  ['a pass with a fault', (id) => closing(id, { fault: { code: 'USB_GONE', detail: '' } })],
  ['a fail without a fault', (id) => closing(id, { outcome: 'fail' })],
  [
    'a read-back without the hash of what was read',
    (id) => closing(id, { modules: [moduleRecord({ readBackSha256: null })] }),
  ],
  ['an outcome that is none', (id) => closing(id, { outcome: 'passed' as 'pass' })],
]

test.each(lies)('%s is refused, and nothing of it stays', async (_, closingOf) => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  expect(faultOf(() => ledger.closeRecord(closingOf(recordId))).code).toBe('INTERNAL')
  expect(ledger.record(recordId)?.closing).toBeNull()
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})

test('what was cut off is closed as interrupted, once, and named', () => {
  const file = temporaryFile()
  const first = temporaryLedger(file)
  const ids = [1, 2, 3].map((slot) => first.openRecord(opening({ slot })))
  first.closeRecord(closing(ids[1] as RecordId))
  first[Symbol.dispose]()

  const next = temporaryLedger(file, () => startOfTime + 60_000)
  const closed = next.closeInterrupted({ code: 'STATION_CRASHED', detail: 'found open at start' })
  expect(closed.map((record) => [record.recordId, record.outcome, record.faultCode, record.durationMs])).toEqual([
    [ids[0], 'interrupted', 'STATION_CRASHED', 60_000],
    [ids[2], 'interrupted', 'STATION_CRASHED', 60_000],
  ])
  expect(next.closeInterrupted({ code: 'STATION_CRASHED', detail: '' })).toEqual([])
  expect(next.search({ outcome: 'open' }).total).toBe(0)
})

test('the secret on a label is never stored', () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const recordId = ledger.openRecord(opening({ serialNumber: 'B4000HAF1234567 SECRETSECRETSEC' }))
  ledger.closeRecord(closing(recordId, { serialNumber: 'B4000HAF1234567 SECRETSECRETSEC' }))
  expect(ledger.record(recordId)?.serialNumber).toBe('B4000HAF1234567')
  const bytes = [file, `${file}-wal`].map((name) => fs.readFileSync(name).includes('SECRETSECRETSEC'))
  expect(bytes).toEqual([false, false])
})

test('the sink of the station rejects what could not be written', async () => {
  const { sink } = temporaryLedger()
  const recordId = await sink.open(opening())
  await sink.close(closing(recordId))
  await expect(sink.close(closing(recordId))).rejects.toMatchObject({ code: 'INTERNAL' })
})

test('a ledger in memory does all of it', async () => {
  const ledger = temporaryLedger(':memory:')
  ledger.closeRecord(closing(ledger.openRecord(opening())))
  const lines: string[] = []
  for await (const chunk of ledger.exportJsonLines({})) lines.push(chunk)
  expect(JSON.parse(lines.join(''))).toMatchObject({ closing: { outcome: 'pass' } })
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})
