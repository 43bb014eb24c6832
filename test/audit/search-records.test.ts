import { expect, test } from 'vitest'
import type { LedgerFilter } from '../../src/main/audit/ledger.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import type { RecordSummary } from '../../src/shared/model/record.ts'
import { bulkFill } from './bulk-fill.ts'
import {
  closing,
  device,
  deviceClosing,
  deviceIdOf,
  deviceOpening,
  loader,
  opening,
  startOfTime,
} from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'

function benchLedger() {
  const ledger = temporaryLedger()
  const boron = ledger.openRecord(opening())
  ledger.closeRecord(closing(boron))
  const photon = ledger.openRecord(
    opening({
      deviceId: deviceIdOf(0xabc),
      platform: 'photon',
      portPath: '2-1.4' as PortPath,
      serialNumber: 'PH_100%',
      iccid: null,
      imei: null,
      recipeName: 'Photon to 2.3.1',
      isSimulated: true,
      startedAt: startOfTime + 1000,
    }),
  )
  ledger.closeRecord(closing(photon, { outcome: 'fail', fault: { code: 'USB_STALL', detail: 'pipe' } }))
  const late = ledger.openRecord(
    opening({
      deviceId: deviceIdOf(0xdef),
      portPath: '1-7' as PortPath,
      serialNumber: null,
      iccid: null,
      imei: null,
      startedAt: startOfTime + 2000,
    }),
  )
  ledger.closeRecord(closing(late, { iccid: '8988303000001234567F', imei: '990000862471854' }))
  const open = ledger.openRecord(opening({ deviceId: deviceIdOf(9), startedAt: startOfTime + 3000 }))
  const names = new Map<string, string>([
    [boron, 'boron'],
    [photon, 'photon'],
    [late, 'late'],
    [open, 'open'],
  ])
  const found = (filter: LedgerFilter) => ledger.search(filter).records.map((record) => names.get(record.recordId))
  return { ledger, found, boron }
}

const texts: readonly (readonly [string, readonly string[]])[] = [
  ['E00FCE680000000000000ABC', ['photon']],
  ['0abc', ['photon']],
  ['ph_100%', ['photon']],
  ['_100%', ['photon']],
  ['%', ['photon']],
  ['2-1', ['photon']],
  ['1.4', ['photon']],
  ['1-7', ['late']],
  ['890141032', ['open', 'boron']],
  ['18510720', ['open', 'boron']],
  ['8988303000001234567f', ['late']],
  ['4567F', ['late']],
  ['99000086', ['late']],
  ['B4000HAF1234567 SECRETSECRETSEC', ['open', 'boron']],
  ['  b4000haf  ', ['open', 'boron']],
  ['e00f', ['open', 'late', 'photon', 'boron']],
  ['', ['open', 'late', 'photon', 'boron']],
  ['   ', ['open', 'late', 'photon', 'boron']],
  ['00fc', []],
  ['Boron', []],
]

test.each(texts)('the text "%s" finds %j', (text, expected) => {
  expect(benchLedger().found({ text })).toEqual(expected)
})

test('a record is found by the whole of its ID and by its last digits', () => {
  const { found, boron } = benchLedger()
  expect([found({ text: boron.toUpperCase() }), found({ text: boron.slice(-9) })]).toEqual([['boron'], ['boron']])
})

const filters: readonly (readonly [LedgerFilter, readonly string[]])[] = [
  [{ outcome: 'pass' }, ['late', 'boron']],
  [{ outcome: 'fail' }, ['photon']],
  [{ outcome: 'open' }, ['open']],
  [{ outcome: 'interrupted' }, []],
  [{ platform: 'photon' }, ['photon']],
  [{ recipe: 'Photon to 2.3.1' }, ['photon']],
  [{ simulated: true }, ['photon']],
  [{ simulated: false, outcome: 'pass' }, ['late', 'boron']],
  [{ from: startOfTime + 1000, to: startOfTime + 2000 }, ['late', 'photon']],
  [{ text: 'e00f', from: startOfTime + 2001 }, ['open']],
  [
    { text: null, outcome: null, platform: null, from: null, to: null, recipe: null, simulated: null },
    ['open', 'late', 'photon', 'boron'],
  ],
]

test.each(filters)('the filter %j finds %j, and counts as many', (filter, expected) => {
  const { found, ledger } = benchLedger()
  expect(found(filter)).toEqual(expected)
  expect(ledger.search(filter).total).toBe(expected.length)
})

test('a summary shows the ICCID that was read only after the flash', () => {
  expect(benchLedger().ledger.search({ text: '1-7' }).records[0]).toMatchObject({
    iccid: '8988303000001234567F',
    outcome: 'pass',
    deviceOsBefore: '3.3.1',
    deviceOsAfter: '4.0.2',
  })
})

test('the tally counts closed records since a time, simulated ones apart', () => {
  const { ledger } = benchLedger()
  expect(ledger.tally({ since: 0 })).toEqual({ pass: 2, fail: 1, error: 0, aborted: 0, interrupted: 0 })
  expect(ledger.tally({ since: 0, simulated: false })).toMatchObject({ pass: 2, fail: 0 })
  expect(ledger.tally({ since: startOfTime + 41_001 })).toMatchObject({ pass: 0, fail: 0 })
})

test('the tally leaves out boards that were only identified', () => {
  const { ledger } = benchLedger()
  for (const job of ['identify', 'flash'] as const) {
    ledger.closeRecord(closing(ledger.openRecord(opening({ job })), { modules: [] }))
  }
  expect(ledger.tally({ since: 0 })).toMatchObject({ pass: 3, fail: 1 })
})

test('the latest record of a board is its last visit', () => {
  const { ledger } = benchLedger()
  const again = ledger.openRecord(opening({ startedAt: startOfTime + 9000 }))
  expect(ledger.latestOf(deviceIdOf(1).toUpperCase())?.recordId).toBe(again)
  expect(ledger.latestOf(deviceIdOf(404))).toBeNull()
})

test('10,000 records are paged through without a gap or a repeat, while new ones arrive', () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  bulkFill(plainConnection(file), 10_000)
  const seen: RecordSummary[] = []
  let cursor: string | null = null
  do {
    const page = ledger.search({}, { limit: 200, before: cursor })
    seen.push(...page.records)
    cursor = page.cursor
    ledger.openRecord(opening({ startedAt: startOfTime + 1e10 }))
  } while (cursor !== null)
  const starts = seen.map((record) => record.startedAt)
  expect(seen.length).toBe(10_000)
  expect(new Set(seen.map((record) => record.recordId)).size).toBe(10_000)
  expect(starts).toEqual(starts.toSorted((a, b) => b - a))
})

test('records that started in the same millisecond are paged without a gap', () => {
  const ledger = temporaryLedger()
  const ids = Array.from({ length: 7 }, (_, slot) => ledger.openRecord(opening({ slot })))
  const first = ledger.search({}, { limit: 3 })
  const second = ledger.search({}, { limit: 3, before: first.cursor })
  const third = ledger.search({}, { limit: 3, before: second.cursor })
  const seen = [first, second, third].flatMap((page) => page.records.map((record) => record.recordId))
  expect(seen).toEqual(ids.toReversed())
  expect([first.total, third.cursor]).toEqual([7, null])
})

test('few matches and many matches of a text find alike', () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  bulkFill(plainConnection(file), 25_000)
  expect(ledger.search({ text: 'e00f' }).total).toBe(25_000)
  expect(ledger.search({ text: 'E00F', outcome: 'fail' }).total).toBe(500)
  expect(ledger.search({ text: '00123' }).records.map((record) => record.deviceId)).toEqual(
    [0x123, 123].map(deviceIdOf),
  )
})

test.each(['', '12', '1.2; DROP TABLE record', '-1.5', '1e9.3'])('"%s" is no cursor', (before) => {
  expect(() => benchLedger().ledger.search({}, { before })).toThrow(/CALL_REJECTED/)
})

function deviceLedger() {
  const ledger = temporaryLedger()
  const lamp = ledger.openRecord(deviceOpening())
  ledger.closeRecord(deviceClosing(lamp))
  const named = { productName: { known: true, value: 'Pump Controller 7' }, portPath: '2-4' as PortPath } as const
  const pump = ledger.openRecord(
    deviceOpening({
      device: loader({ ...named, serialNumber: { known: false, reason: 'none' } }),
      startedAt: startOfTime + 1,
    }),
  )
  const after = device({
    ...{ vendorId: 0x2222, productId: 0x3333, productName: { known: true, value: 'Pump' } },
    serialNumber: { known: true, value: 'PUMP-77 B' },
    instances: [{ instanceId: 'USB\\VID_2222&PID_3333', guid: '99999999-f1c3-5d6c-9cf6-0a4c0b1e5d10' }],
  })
  ledger.closeRecord(deviceClosing(pump, { deviceAfter: after }))
  const names = new Map<string, string>([
    [lamp, 'lamp'],
    [pump, 'pump'],
  ])
  return { ledger, found: (text: string) => ledger.search({ text }).records.map(({ recordId }) => names.get(recordId)) }
}

const deviceTexts: readonly (readonly [string, readonly string[]])[] = [
  ['1234:ABCD', ['lamp']],
  ['0483', ['pump']],
  [':df11', ['pump']],
  ['3677365a3037', ['lamp']],
  ['365A3037', ['lamp']],
  ['blinky', ['lamp']],
  ['Blinky Lamp', ['lamp']],
  ['LAMP', ['lamp']],
  ['controller', ['pump']],
  ['55BD4C4C-f1c3-5d6c-9cf6-0a4c0b1e5d10', ['lamp']],
  ['7c8a7b1e9a01', ['pump']],
  ['1-2.3', ['lamp']],
  ['2-4', ['pump']],
  ['2222:3333', ['pump']],
  ['pump-77', ['pump']],
  ['99999999', ['pump']],
  ['GmbH', []],
  ['ontrol', []],
]

test.each(deviceTexts)('of DFU devices, before or after the job, "%s" finds %j', (text, expected) => {
  expect(deviceLedger().found(text)).toEqual(expected)
})

test('few matches and many matches find DFU devices alike', () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const lamp = ledger.openRecord(deviceOpening())
  bulkFill(plainConnection(file), 25_000, { keys: true, from: 2 })
  plainConnection(file).exec(`INSERT INTO search_key SELECT '>blinky', number FROM record WHERE number > 1`)
  const page = ledger.search({ text: 'blinky' }, { limit: 1000 })
  expect(page.total).toBe(25_001)
  expect(ledger.search({ text: 'Blinky', outcome: 'open' }).records.map(({ recordId }) => recordId)).toEqual([lamp])
  expect(ledger.search({ text: 'lamp' }).total).toBe(1)
})

const paths: readonly (readonly [string, string, RegExp])[] = [
  [
    'the last visit of a Particle board',
    'SELECT * FROM record WHERE device_id = ? ORDER BY started_at DESC',
    /USING INDEX record_by_device/,
  ],
  [
    'the last visit of a device',
    'SELECT * FROM record WHERE device_name = ? ORDER BY started_at DESC',
    /USING INDEX record_by_name/,
  ],
  ['the boards of a recipe', 'SELECT * FROM record WHERE recipe_sha256 = ?', /USING INDEX record_by_recipe/],
  ['the newest records', 'SELECT * FROM record ORDER BY started_at DESC', /USING INDEX record_by_start/],
  ['the images of a record', 'SELECT * FROM image WHERE record_id = ? ORDER BY position', /USING PRIMARY KEY/],
  ['a text', 'SELECT * FROM search_key WHERE key >= ? AND key < ?', /USING PRIMARY KEY \(key>\? AND key<\?\)/],
]

test.each(paths)('%s is found by an index, and nothing is sorted', (_, sql, path) => {
  const file = temporaryFile()
  temporaryLedger(file)
  const values = Array.from(sql.matchAll(/\?/g), () => 'x')
  const plan = plainConnection(file).prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[]
  const words = plan.map(({ detail }) => detail).join('; ')
  expect(words).toMatch(path)
  expect(words).not.toMatch(/TEMP B-TREE/)
})
