import { fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { closing, opening } from './record-samples.ts'
import { temporaryFile, temporaryFolder, temporaryLedger } from './temporary-ledger.ts'

/** A station in a process of its own, which closes records with 200 steps as fast as it can until it is killed. */
async function startStation(file: string) {
  const child = fork(path.join(import.meta.dirname, 'closing-child.ts'), [file])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child, 'message')
  return child
}

test('a second station on the same ledger is refused in one line, and readers are not', async () => {
  const file = temporaryFile()
  await startStation(file)
  const refusal = /^LEDGER_IN_USE: another station is writing .*ledger\.sqlite$/
  expect(() => temporaryLedger(file)).toThrow(refusal)
  using reader = openLedgerForReading({ file })
  expect(reader.search({}).records.length).toBeGreaterThan(0)
  expect((await reader.verify()).problems).toEqual([])
})

test('a second station in the same process is refused too', () => {
  const file = temporaryFile()
  const first = temporaryLedger(file)
  expect(() => temporaryLedger(file)).toThrow(/LEDGER_IN_USE/)
  first[Symbol.dispose]()
  expect(temporaryLedger(file).search({}).total).toBe(0)
})

test.each([1, 2, 3])('a station killed while it closes leaves whole closings or none (%i)', async (round) => {
  const file = temporaryFile()
  const child = await startStation(file)
  await new Promise((resolve) => setTimeout(resolve, 20 + round * 17))
  child.kill('SIGKILL')
  await once(child, 'exit')

  const ledger = temporaryLedger(file)
  const { ok, problems, records } = await ledger.verify()
  expect({ ok, problems }).toEqual({ ok: true, problems: [] })
  const closings = ledger.search({}, { limit: 1000 }).records.map(({ recordId }) => ledger.record(recordId)?.closing)
  const sizes = new Set(closings.map((one) => (one ? `${one.steps.length} steps` : 'open')))
  expect([...sizes].filter((size) => size !== 'open')).toEqual(['200 steps'])
  const open = ledger.search({ outcome: 'open' }).total
  expect(ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'killed' })).toHaveLength(open)
  expect(await ledger.verify()).toMatchObject({ ok: true, records })
})

test('what a killed station left can be read before any station starts again, also without its shared memory', async () => {
  const file = temporaryFile()
  const child = await startStation(file)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(fs.existsSync(`${file}-wal`)).toBe(true)
  fs.rmSync(`${file}-shm`, { force: true })
  using reader = openLedgerForReading({ file })
  expect(reader.search({ outcome: 'pass' }).total).toBeGreaterThan(3)
  expect((await reader.verify()).problems).toEqual([])
})

test('a reader sees what the station wrote a moment ago, and can write nothing', () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  using reader = openLedgerForReading({ file })
  const recordId = ledger.openRecord(opening())
  expect(reader.record(recordId)?.closing).toBeNull()
  ledger.closeRecord(closing(recordId))
  expect(reader.record(recordId)?.closing?.outcome).toBe('pass')
  expect(reader.record('no such record')).toBeNull()
  expect(Object.keys(reader)).not.toContain('openRecord')
})

test('reading where no ledger is says so and makes none', () => {
  const file = path.join(temporaryFolder(), 'none.sqlite')
  expect(() => openLedgerForReading({ file })).toThrow(/CALL_REJECTED: there is no ledger at .*none.sqlite/)
  expect(() => openLedgerForReading({ file })).toThrow(/CALL_REJECTED/)
})

test('a ledger may be put down twice', () => {
  const ledger = temporaryLedger()
  const recordId: RecordId = ledger.openRecord(opening())
  ledger[Symbol.dispose]()
  ledger[Symbol.dispose]()
  expect(() => ledger.closeRecord(closing(recordId))).toThrow()
})
