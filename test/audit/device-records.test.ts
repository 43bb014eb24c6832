// Records of DFU devices: written, read, judged by the tables themselves, and limited.
import type { Database } from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DfuIdentity } from '../../src/shared/model/dfu-identity.ts'
import type { PortPath, RecordId, Sha256 } from '../../src/shared/model/ids.ts'
import type { ImageRecord, RecordClosing, RecordOpening } from '../../src/shared/model/record.ts'
import {
  closing,
  device,
  deviceClosing,
  deviceOpening,
  imageRecord,
  loader,
  moduleRecord,
  opening,
  startOfTime,
  stepRecord,
} from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'

const other = 'e'.repeat(64) as Sha256
const onPort = (port: string) => ({ portPath: port as PortPath })
const gone = { code: 'USB_GONE', detail: 'left' } as const

function deviceLedger(fields: Partial<RecordOpening> = {}) {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const recordId = ledger.openRecord(deviceOpening(fields))
  return {
    file,
    ledger,
    recordId,
    close: (rest: Partial<RecordClosing>) => ledger.closeRecord(deviceClosing(recordId, rest)),
  }
}

test('a record of a device is read as it was written, with its images in order', async () => {
  const { ledger, recordId, close } = deviceLedger()
  const images = [imageRecord(), imageRecord({ position: 2, alternate: 1, address: null, memory: 'alt 1' })]
  close({ images })
  const { limits: _, ...opened } = deviceOpening()
  expect(ledger.record(recordId)).toMatchObject({ ...opened, recordId })
  expect(ledger.record(recordId)?.closing).toMatchObject({ images, deviceAfter: device({ revision: 0x0102 }) })
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})

test('a summary names the device, its kind and the versions of its program', () => {
  const { ledger, close } = deviceLedger()
  close({})
  expect(ledger.search({}).records).toMatchObject([
    {
      ...{ type: 'Blinky Lamp', name: '1234:abcd 3677365A3037', platform: null, deviceId: null },
      ...{ revisionBefore: '1.01', revisionAfter: '1.02', outcome: 'pass', alreadyCurrent: false },
    },
  ])
})

test('the version of a loader is none of its program', () => {
  const { ledger, close } = deviceLedger({ device: loader() })
  close({ deviceAfter: loader() })
  expect(ledger.search({}).records).toMatchObject([
    { name: '0483:df11 3677365A3037', revisionBefore: null, revisionAfter: null },
  ])
})

test('where the serial number tells nothing the port stands for it, and the record says so', () => {
  const twins = [onPort('1-7').portPath]
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  const twin = ledger.openRecord(deviceOpening({ device: device({ twins }) }))
  const silent = ledger.openRecord(
    deviceOpening({ device: device({ ...onPort('1-9'), serialNumber: { known: false, reason: 'it has none' } }) }),
  )
  expect(ledger.record(twin)).toMatchObject({ serialNumber: '3677365A3037', device: { twins } })
  expect(ledger.record(silent)).toMatchObject({ serialNumber: null, serialNumberReason: 'it has none' })
  expect(ledger.search({}).records.map(({ name }) => name)).toEqual(['1234:abcd on 1-9', '1234:abcd on 1-2.3'])
  const own = plainConnection(file).prepare('SELECT has_own_serial FROM record').pluck().all()
  expect(own).toEqual([0, 0])
})

test('what a device says of itself is cleaned, and keeps all the words of its serial number', () => {
  const dirty = 'Rev\u0000A \n 0042 \ud800 '
  const found = device({
    serialNumber: { known: true, value: dirty },
    manufacturer: { known: true, value: ' \u0007 ' },
    memories: [{ alternate: 0, name: '@Flash\u0000' }],
  })
  const { ledger, recordId, close } = deviceLedger({ device: found })
  close({ serialNumber: dirty, deviceAfter: found, images: [imageRecord({ memory: 'alt\u00000' })] })
  const record = ledger.record(recordId)
  expect(record?.serialNumber).toBe('Rev\ufffdA \ufffd 0042')
  expect(record?.closing?.serialNumber).toBe('Rev\ufffdA \ufffd 0042')
  expect(record?.closing?.images[0]?.memory).toBe('alt\ufffd0')
  expect(record?.device).toMatchObject({
    serialNumber: { known: true, value: 'Rev\ufffdA \ufffd 0042' },
    manufacturer: { known: false, reason: 'it is empty' },
    memories: [{ alternate: 0, name: '@Flash' }],
  })
  expect(ledger.latestOf(`1234:abcd ${dirty}`)?.recordId).toBe(recordId)
})

test('fields that are no part of an identity are not stored', () => {
  const found = { ...device(), secret: 'SECRETSECRETSEC' } as DfuIdentity
  const { file, recordId } = deviceLedger({ device: found })
  const text = plainConnection(file).prepare('SELECT device FROM record WHERE record_id = ?').pluck().get(recordId)
  expect(String(text)).not.toContain('SECRET')
})

test('the last visit of a device is found by its name', () => {
  const { ledger, recordId } = deviceLedger()
  const later = { startedAt: startOfTime + 5 }
  const twin = ledger.openRecord(deviceOpening({ device: device({ twins: [onPort('1-7').portPath] }), ...later }))
  expect(ledger.latestOf('1234:abcd 3677365A3037')?.recordId).toBe(recordId)
  expect(ledger.latestOf('1234:abcd on 1-2.3')?.recordId).toBe(twin)
  expect(ledger.latestOf('1234:abcd on 1-2')).toBeNull()
  expect(ledger.latestOf('')).toBeNull()
})

type Lie = readonly [
  string,
  { readonly opening: Partial<RecordOpening>; readonly closing: Partial<RecordClosing> },
  RegExp,
]
const lies: readonly Lie[] = [
  [
    'an image that was not reached',
    { opening: {}, closing: { images: [imageRecord({ action: 'not reached', proof: 'none' })] } },
    /not reached/,
  ],
  ['an image without proof', { opening: {}, closing: { images: [imageRecord({ proof: 'none' })] } }, /not proven/],
  [
    'one of two images without proof',
    { opening: {}, closing: { images: [imageRecord(), imageRecord({ position: 2, proof: 'none' })] } },
    /not proven/,
  ],
  [
    'an unchanged image without proof',
    { opening: {}, closing: { images: [imageRecord({ action: 'unchanged', proof: 'none' })] } },
    /not proven/,
  ],
  ['no image at all', { opening: {}, closing: { images: [] } }, /without an image/],
  ['no image at all, verified', { opening: { job: 'verify' }, closing: { images: [] } }, /without an image/],
  ['other bytes read back', { opening: {}, closing: { images: [imageRecord({ readBackSha256: other })] } }, /CHECK/],
  [
    'a read-back that read nothing',
    { opening: {}, closing: { images: [imageRecord({ readBackSha256: null })] } },
    /CHECK/,
  ],
  ['a fault', { opening: {}, closing: { fault: gone } }, /CHECK/],
  ['an image written by a verification', { opening: { job: 'verify' }, closing: {} }, /only reads has written/],
  ['an image written by an identification', { opening: { job: 'identify' }, closing: {} }, /only reads has written/],
  [
    'status OK of a download that never was',
    {
      opening: { job: 'verify' },
      closing: { images: [imageRecord({ action: 'unchanged', proof: 'reported-status', readBackSha256: null })] },
    },
    /CHECK/,
  ],
  ['a module', { opening: {}, closing: { modules: [moduleRecord()] } }, /images, no modules/],
]

test.each(lies)('no PASS of a device with %s', async (_, fields, message) => {
  const { ledger, recordId, close } = deviceLedger(fields.opening)
  expect(() => close(fields.closing)).toThrow(message)
  expect(ledger.record(recordId)?.closing).toBeNull()
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})

const truths: readonly (readonly [string, Partial<RecordOpening>, Partial<RecordClosing>])[] = [
  [
    'a version that its program reports',
    {},
    { images: [imageRecord({ proof: 'reported-version', readBackSha256: null })] },
  ],
  ['a status that it reports', {}, { images: [imageRecord({ proof: 'reported-status', readBackSha256: null })] }],
  ['a verification that read it all', { job: 'verify' }, { images: [imageRecord({ action: 'unchanged' })] }],
  [
    'a verification of a version',
    { job: 'verify' },
    { images: [imageRecord({ action: 'unchanged', proof: 'reported-version', readBackSha256: null })] },
  ],
  ['an identification', { job: 'identify' }, { images: [] }],
  [
    'a failure with what was read instead',
    {},
    { outcome: 'fail', fault: gone, images: [imageRecord({ proof: 'none', readBackSha256: other })] },
  ],
  ['a failure before anything', {}, { outcome: 'fail', fault: gone, images: [], deviceAfter: null }],
]

test.each(truths)('a closing is taken with %s', async (_, fields, rest) => {
  const { ledger, close } = deviceLedger(fields)
  close(rest)
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})

test('an image of a Particle board is refused', () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  expect(() => ledger.closeRecord(closing(recordId, { images: [imageRecord()] }))).toThrow(/modules, no images/)
})

test('a row is of a Particle board or of a device: never both, never neither', () => {
  const ledger = temporaryLedger()
  expect(() => ledger.openRecord(opening({ device: device() }))).toThrow(/CHECK/)
  expect(() => ledger.openRecord(opening({ platform: null, deviceId: null }))).toThrow(/CHECK/)
  expect(() => ledger.openRecord(opening({ platform: null }))).toThrow(/CHECK/)
  expect(() => ledger.openRecord(opening({ deviceId: null }))).toThrow(/CHECK/)
  expect(ledger.search({}).total).toBe(0)
})

/** Past the writer of this software, as any program could. */
function rawClosing(database: Database, recordId: RecordId, count: number | null): void {
  database
    .prepare(
      `INSERT INTO closing (record_id, outcome, ended_at, duration_ms, step_count, module_count, modules_after, image_count)
       VALUES (?, 'pass', 0, 0, 0, 0, '[]', ?)`,
    )
    .run(recordId, count)
}

function rawImage(database: Database, recordId: RecordId, fields: Partial<ImageRecord>): void {
  const { position, proof, action, sha256, readBackSha256 } = imageRecord(fields)
  database
    .prepare("INSERT INTO image VALUES (?, ?, 0, 'Flash', NULL, 9, ?, ?, ?, ?, NULL)")
    .run(recordId, position, sha256, readBackSha256, proof, action)
}

test('the rules hold for plain SQL, too', () => {
  const { file, recordId } = deviceLedger()
  const database = plainConnection(file)
  expect(() => rawClosing(database, recordId, 0)).toThrow(/without an image/)
  rawImage(database, recordId, { proof: 'none' })
  expect(() => rawClosing(database, recordId, 1)).toThrow(/not proven/)
  const second = deviceLedger()
  const plain = plainConnection(second.file)
  rawImage(plain, second.recordId, {})
  expect(() => rawClosing(plain, second.recordId, 2)).toThrow(/counts its images/)
  expect(() => rawClosing(plain, second.recordId, null)).toThrow(/counts its images/)
  expect(() => rawImage(plain, second.recordId, {})).toThrow(/append-only/)
  expect(() => rawImage(plain, second.recordId, { position: 0 })).toThrow(/CHECK/)
  rawClosing(plain, second.recordId, 1)
  expect(() => rawImage(plain, second.recordId, { position: 2 })).toThrow(/this record is closed/)
})

test('a device that was interrupted is closed without images', () => {
  const { ledger, recordId } = deviceLedger()
  ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'found open at start' })
  expect(ledger.record(recordId)?.closing).toMatchObject({ outcome: 'interrupted', images: [], deviceAfter: null })
})

test.each([
  ['left alone, and proven', { action: 'unchanged', bytes: 0, expected: true }],
  ['left alone, and bytes went there', { action: 'unchanged', bytes: 1, expected: false }],
  ['written', { action: 'written', bytes: 0, expected: false }],
] as const)('already current when its image was %s: list and export agree', async (_, { action, bytes, expected }) => {
  const { ledger, close } = deviceLedger()
  close({ images: [imageRecord({ action })], steps: [stepRecord(1, { bytes })] })
  expect(ledger.search({}).records).toMatchObject([{ alreadyCurrent: expected }])
  let lines = ''
  for await (const chunk of ledger.exportJsonLines({})) lines += chunk
  expect(JSON.parse(lines)).toMatchObject({ alreadyCurrent: expected })
})

const limited = (fields: Partial<DfuIdentity> = {}) =>
  deviceOpening({ device: device(fields), limits: { boards: 2, notAfter: null }, recipeName: 'Lamp' })

test.each([
  ['is missing', { serialNumber: { known: false, reason: 'it has none' } }],
  ['is that of others', { twins: [onPort('1-7').portPath] }],
  ['nobody else was seen with', {}],
] as const)('a limit counts every record of devices whose serial number %s', (_, fields) => {
  const ledger = temporaryLedger()
  const pass = () => ledger.closeRecord(deviceClosing(ledger.openRecord(limited(fields))))
  const failed = ledger.openRecord(limited(fields))
  ledger.closeRecord(deviceClosing(failed, { outcome: 'fail', fault: gone, images: [] }))
  pass()
  ledger.openRecord(limited(fields))
  expect(pass).toThrow(/^RECIPE_LIMIT_REACHED/)
})

test('whatever a device calls itself, its record is whole, proven, and found by its name', async () => {
  const ledger = temporaryLedger(':memory:')
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', ' ', '\u0000'),
  )
  const told = text.map((value) => ({ known: true, value }) as const)
  const strings = fc.record({ serialNumber: told, productName: told, manufacturer: told })
  let startedAt = startOfTime
  await fc.assert(
    fc.asyncProperty(strings, text, fc.boolean(), async (said, memory, hasTwin) => {
      const found = device({ ...said, twins: hasTwin ? [onPort('1-7').portPath] : [] })
      startedAt += 1
      const recordId = ledger.openRecord(deviceOpening({ device: found, startedAt }))
      ledger.closeRecord(deviceClosing(recordId, { deviceAfter: found, images: [imageRecord({ memory })] }))
      const [row] = ledger.search({}, { limit: 1 }).records
      expect(row?.recordId).toBe(recordId)
      expect(ledger.latestOf(row?.name ?? '')?.recordId).toBe(recordId)
    }),
    { numRuns: 300 },
  )
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 300 })
})
