// The second version of the ledger: what it adds, and that nothing of the first is lost or changed by it.
import { expect, test } from 'vitest'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import type { RecordOpening } from '../../src/shared/model/record.ts'
import { closing, deviceIdOf, moduleRecord, opening, startOfTime, stepRecord } from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'
import { headOfVersionOne, openThen, passedThen, writeVersionOne } from './version-one.ts'

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

const said: RecordOpening['board'] = {
  mode: 'normal',
  isProtected: { known: true, value: false },
  isListening: { known: true, value: true },
  setupDone: { known: false, reason: 'the Photon 2 / P2 has no set-up flag' },
  ncpVersion: { known: true, value: '0.0.5' },
  assets: {
    known: true,
    value: { available: [{ name: 'cat.bin', sha256: opening().recipeSha256, sizeBytes: 5 }], required: [] },
  },
}

test('a ledger of version 1 keeps its chain, hash for hash, and goes on behind it', async () => {
  const file = temporaryFile()
  writeVersionOne(file)
  const ledger = temporaryLedger(file)
  expect(await ledger.verify()).toEqual({
    ...{ ok: true, records: 2, problems: [] },
    head: { sequence: 3, hash: headOfVersionOne },
  })
  ledger.closeRecord(closing(openThen))
  ledger.openRecord(opening({ job: 'verify', label: { lot: '7' } }))
  const noted = { sequence: 3, hash: headOfVersionOne }
  expect(await ledger.verify({ noted })).toMatchObject({ ok: true, records: 3, head: { sequence: 5 } })
})

test('records of version 1 are read as flashes without label data', () => {
  const file = temporaryFile()
  writeVersionOne(file)
  const ledger = temporaryLedger(file)
  expect(ledger.record(passedThen)).toMatchObject({
    job: 'flash',
    label: {},
    board: null,
    closing: { outcome: 'pass' },
  })
  expect(ledger.record(passedThen)?.closing?.modules.map(({ kind, proof }) => [kind, proof])).toEqual([
    ['system', 'read-back'],
    ['user', 'read-back'],
  ])
  expect(ledger.search({ job: 'flash' }).total).toBe(2)
  expect(ledger.search({ job: 'verify' }).total).toBe(0)
})

test('the copy of the old ledger stands beside it, as it was', async () => {
  const file = temporaryFile()
  writeVersionOne(file)
  temporaryLedger(file)
  const copy = plainConnection(`${file}.version-1-20261121T080000Z.backup`)
  expect(copy.pragma('user_version', { simple: true })).toBe(1)
  expect(copy.prepare('SELECT hash FROM chain ORDER BY sequence DESC LIMIT 1').pluck().get()).toBe(headOfVersionOne)
})

test('a ledger of version 1 that nobody brought up is not read half', () => {
  const file = temporaryFile()
  writeVersionOne(file)
  expect(() => openLedgerForReading({ file })).toThrow(/has version 1: start the station once/)
})

test('the kind of job, the label data and what the board said come back, and into every export', async () => {
  const ledger = temporaryLedger()
  const label = { product: 'Blinky, EU', lot: '=7' }
  const recordId = ledger.openRecord(opening({ job: 'identify', label, board: said }))
  ledger.closeRecord(closing(recordId, { modules: [] }))
  expect(ledger.record(recordId)).toMatchObject({ job: 'identify', label, board: said })
  expect(ledger.search({ job: 'identify' }).records).toMatchObject([{ job: 'identify', alreadyCurrent: false }])
  const [line] = (await textOf(ledger.exportJsonLines({ job: 'identify' }))).split('\n')
  expect(JSON.parse(line ?? '')).toMatchObject({ recordId, job: 'identify', label, board: said, alreadyCurrent: false })
  const csv = await textOf(ledger.exportCsv({}))
  expect(csv).toContain('"product=Blinky, EU; lot==7"')
  expect(csv).toContain('"? the Photon 2 / P2 has no set-up flag"')
  expect(csv).toContain('"cat.bin SHA-256 ')
  expect(await textOf(ledger.exportCsv({ job: 'verify' }))).not.toContain(recordId)
  expect(await ledger.verify()).toMatchObject({ ok: true })
})

const held = moduleRecord({ action: 'unchanged' })
const cases = [
  ['every module was left alone', { modules: [held, moduleRecord({ kind: 'user', action: 'skipped' })] }, true],
  ['one module was written', { modules: [held, moduleRecord({ kind: 'user' })] }, false],
  [
    'one module was left alone and not proven',
    { modules: [moduleRecord({ action: 'skipped', proof: 'none' })] },
    false,
  ],
  [
    'bytes went to the board in a step without module',
    { modules: [held], steps: [stepRecord(1, { bytes: 1 })] },
    false,
  ],
  ['there was no module', { modules: [] }, false],
  ['it failed', { modules: [held], outcome: 'fail', fault: { code: 'USB_GONE', detail: 'left' } }, false],
] as const

test.each(cases)('already current when %s: list and exports agree', async (_, fields, expected) => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  const steps = [stepRecord(1, { bytes: 0 })]
  ledger.closeRecord(closing(recordId, { steps, ...fields }))
  expect(ledger.search({}).records.map(({ alreadyCurrent }) => alreadyCurrent)).toEqual([expected])
  expect(JSON.parse(await textOf(ledger.exportJsonLines({})))).toMatchObject({ alreadyCurrent: expected })
  expect((await textOf(ledger.exportCsv({}))).split('\r\n')[1]).toContain(expected ? ',"yes",' : ',"no",')
})

test('a verification of a board that holds everything is no "already current" flash', () => {
  const ledger = temporaryLedger()
  const steps = [stepRecord(1, { bytes: 0 })]
  ledger.closeRecord(closing(ledger.openRecord(opening({ job: 'verify' })), { modules: [held], steps }))
  expect(ledger.search({}).records.map(({ alreadyCurrent }) => alreadyCurrent)).toEqual([false])
})

test('no verification passes with a module that is not proven, or that was written', () => {
  const ledger = temporaryLedger()
  const open = () => ledger.openRecord(opening({ job: 'verify' }))
  const close = (fields: Parameters<typeof moduleRecord>[0]) =>
    ledger.closeRecord(closing(open(), { modules: [held, moduleRecord({ kind: 'user', ...fields })] }))
  expect(() => close({ action: 'unchanged', proof: 'none' })).toThrow(/a module was not proven/)
  expect(() => close({ action: 'skipped', after: 4005 })).toThrow(/a module was not proven/)
  expect(() => close({ action: 'unchanged', after: null })).toThrow(/a module was not proven/)
  expect(() => close({ action: 'written' })).toThrow(/only reads has written/)
  expect(() => close({ action: 'unchanged' })).not.toThrow()
})

test('a factory image and an asset are modules of a record like any other', async () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  const asset = moduleRecord({
    kind: 'asset',
    before: null,
    target: 0,
    after: 0,
    proof: 'reported-hash',
    reason: 'cat',
  })
  const modules = [moduleRecord({ kind: 'factory' }), { ...asset, readBackSha256: null, action: 'updated' } as const]
  ledger.closeRecord(closing(recordId, { modules }))
  expect(ledger.record(recordId)?.closing?.modules).toEqual(modules)
  expect(await textOf(ledger.exportCsv({}))).toContain('factory 1: 2011>4006 read-back; asset 1: ?>0 reported-hash')
  const unseen = { ...asset, readBackSha256: null, action: 'updated', proof: 'none', after: null } as const
  const other = ledger.openRecord(opening())
  expect(() => ledger.closeRecord(closing(other, { modules: [unseen] }))).toThrow(/written and not proven/)
})

function limited(boards: number | null, notAfter: number | null = null) {
  return (board: number, fields: Partial<RecordOpening> = {}) =>
    opening({ deviceId: deviceIdOf(board), limits: { boards, notAfter }, ...fields })
}

test('a recipe that is for two boards takes no third, but a passed one again, also after a restart', () => {
  const file = temporaryFile()
  const first = temporaryLedger(file)
  const board = limited(2)
  first.closeRecord(closing(first.openRecord(board(1))))
  first.closeRecord(
    closing(first.openRecord(board(2)), { outcome: 'fail', fault: { code: 'USB_GONE', detail: 'left' } }),
  )
  first.closeRecord(closing(first.openRecord(board(2))))
  const refusal = /^RECIPE_LIMIT_REACHED: Boron to 4\.0\.2 is for 2 boards, and 2 have passed or are being worked on$/
  expect(() => first.openRecord(board(3))).toThrow(refusal)
  first[Symbol.dispose]()
  const again = temporaryLedger(file)
  expect(() => again.openRecord(board(3))).toThrow(refusal)
  expect(again.record(again.openRecord(board(1)))?.closing).toBeNull()
})

test('boards that start together do not pass the limit together', () => {
  const ledger = temporaryLedger()
  const board = limited(2)
  const ids = [ledger.openRecord(board(1)), ledger.openRecord(board(2))]
  expect(() => ledger.openRecord(board(3))).toThrow(/^RECIPE_LIMIT_REACHED/)
  if (ids[0]) ledger.closeRecord(closing(ids[0], { outcome: 'fail', fault: { code: 'USB_GONE', detail: 'left' } }))
  expect(() => ledger.openRecord(board(3))).not.toThrow()
})

test('other recipes and simulated boards are counted for themselves', () => {
  const ledger = temporaryLedger()
  const board = limited(1)
  ledger.closeRecord(closing(ledger.openRecord(board(1))))
  expect(() => ledger.openRecord(board(2, { isSimulated: true }))).not.toThrow()
  expect(() => ledger.openRecord(board(2, { recipeSha256: moduleRecord().sha256 }))).not.toThrow()
  expect(() => ledger.openRecord(board(2))).toThrow(/^RECIPE_LIMIT_REACHED/)
})

test('a recipe ends with its moment, and a refusal leaves no trace', async () => {
  let now = startOfTime
  const ledger = temporaryLedger(temporaryFile(), () => now)
  const board = limited(null, startOfTime + 1000)
  now = startOfTime + 1000
  ledger.openRecord(board(1))
  now = startOfTime + 1001
  expect(() => ledger.openRecord(board(2))).toThrow(/^RECIPE_EXPIRED: .* until 2026-11-21T08:00:01\.000Z$/)
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 })
})
