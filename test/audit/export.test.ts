import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PortPath, RecordId } from '../../src/shared/model/ids.ts'
import { bulkFill } from './bulk-fill.ts'
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
} from './record-samples.ts'
import { plainConnection, temporaryFile, temporaryLedger } from './temporary-ledger.ts'

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

/** RFC 4180 by hand, independent of the library that writes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new Error('an open quote at the end')
        if (text[at] === '"') at++
        field += text[at]
      }
      at++
    } else {
      while (text[at] !== ',' && text[at] !== '\r') field += text[at++]
    }
    row.push(field)
    if (text[at] === ',') at++
    else if (text.slice(at, at + 2) === '\r\n') {
      at += 2
      rows.push(row)
      row = []
    } else throw new Error(`neither comma nor line end at ${at}: ${JSON.stringify(text.slice(at, at + 9))}`)
  }
  return rows
}

function objectsOf(text: string): Record<string, string>[] {
  const [head = [], ...rows] = parseCsv(text)
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? 'no such field'])))
}

test('a row of CSV says it all in words', async () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(opening())
  ledger.closeRecord(
    closing(recordId, {
      outcome: 'fail',
      fault: { code: 'USB_GONE', detail: 'left at block 7, "port 3"' },
      modules: [
        moduleRecord(),
        moduleRecord({
          kind: 'bootloader',
          index: 0,
          proof: 'reported-version',
          action: 'unchanged',
          readBackSha256: null,
        }),
        moduleRecord({
          kind: 'user',
          before: null,
          after: null,
          proof: 'none',
          action: 'written',
          readBackSha256: null,
        }),
        moduleRecord({
          kind: 'ncp',
          index: 0,
          before: 7,
          target: 9,
          action: 'not reached',
          proof: 'none',
          readBackSha256: null,
        }),
      ],
    }),
  )
  const text = await textOf(ledger.exportCsv({}))
  expect(objectsOf(text)).toEqual([
    {
      record_id: recordId,
      job: 'flash',
      outcome: 'fail',
      already_current: 'no',
      fault_code: 'USB_GONE',
      fault: 'Board unplugged or lost power',
      fault_detail: 'left at block 7, "port 3"',
      started_at: '2026-11-21T08:00:00.000Z',
      ended_at: '2026-11-21T08:00:41.000Z',
      duration_ms: '41000',
      station_id: 'SZ-L2-P03',
      software_version: '0.1.0',
      slot: '3',
      port_path: '1-2.3',
      platform: 'boron',
      device_id: 'e00fce680000000000000001',
      serial_number: 'B4000HAF1234567',
      serial_number_reason: '',
      iccid: '89014103211118510720',
      iccid_reason: '',
      imei: '356726100000001',
      imei_reason: '',
      device_os_before: '3.3.1',
      device_os_before_reason: '',
      device_os_after: '4.0.2',
      device_os_after_reason: '',
      recipe: 'Boron to 4.0.2',
      recipe_sha256: 'a'.repeat(64),
      simulated: 'no',
      operator: 'Mei',
      ...{ label: '', mode: '', protected: '', listening: '', setup_done: '', ncp_version: '', assets: '' },
      modules:
        'system 1: 2011>4006 read-back; bootloader: 2011 unchanged reported-version; ' +
        'user 1: ?>? not proven; ncp: 7 not reached (target 9)',
      modules_before: 'system 1: 2011 valid',
      modules_before_reason: '',
      modules_after: `system 1: 4006 valid; user 1: 6 integrity passed, dependencies failed, SHA-256 ${'c'.repeat(64)}`,
      modules_after_reason: '',
      ...{ device: '', usb_id: '', manufacturer: '', product: '', own_serial: '', same_serial_on: '' },
      ...{
        revision_before: '',
        revision_after: '',
        usb_id_after: '',
        protocol: '',
        instances: '',
        quirks: '',
        images: '',
      },
    },
  ])
  expect(text).toContain('"89014103211118510720"')
})

test('what could not be read says why, in CSV and in JSON Lines', async () => {
  const ledger = temporaryLedger()
  const silent = 'board is in DFU mode'
  const before = {
    ...{
      serialNumber: null,
      serialNumberReason: silent,
      iccid: null,
      iccidReason: silent,
      imei: null,
      imeiReason: silent,
    },
    ...{ deviceOsBefore: null, deviceOsBeforeReason: silent, modulesBefore: [], modulesBeforeReason: silent },
  }
  const after = {
    deviceOsAfter: null,
    deviceOsAfterReason: 'no answer',
    modulesAfter: [],
    modulesAfterReason: 'no answer',
  }
  const recordId = ledger.openRecord(opening(before))
  const fault = { code: 'USB_GONE', detail: 'left' } as const
  ledger.closeRecord(closing(recordId, { outcome: 'fail', fault, ...after, imei: '356726100000001' }))
  const [row] = objectsOf(await textOf(ledger.exportCsv({})))
  expect(row).toMatchObject({
    ...{ serial_number: '', serial_number_reason: silent, iccid_reason: silent, modules_before: '' },
    ...{ imei: '356726100000001', imei_reason: '', device_os_before_reason: silent, modules_before_reason: silent },
    ...{
      device_os_after: '',
      device_os_after_reason: 'no answer',
      modules_after: '',
      modules_after_reason: 'no answer',
    },
  })
  expect(JSON.parse(await textOf(ledger.exportJsonLines({})))).toMatchObject({ ...before, closing: after })
})

test('what a spreadsheet would run as a formula is made text', async () => {
  const ledger = temporaryLedger()
  const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|" /C calc"!A0']
  for (const operator of [...dangerous, '0123', "O'Neil"]) ledger.openRecord(opening({ operator }))
  const operators = objectsOf(await textOf(ledger.exportCsv({}))).map((row) => row['operator'])
  expect(operators).toEqual([...dangerous.map((text) => `'${text}`), '0123', "O'Neil"])
})

test('any text survives CSV and its way back', async () => {
  const text = fc.string({ unit: 'grapheme' })
  await fc.assert(
    fc.asyncProperty(text, text, async (operator, recipeName) => {
      const ledger = temporaryLedger(':memory:')
      ledger.openRecord(opening({ operator, recipeName }))
      const [row] = objectsOf(await textOf(ledger.exportCsv({})))
      ledger[Symbol.dispose]()
      const unescaped = (field = '') => field.replace(/^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/, '')
      expect([row?.['operator'], row?.['recipe']].map(unescaped)).toEqual([operator, recipeName].map(unescaped))
    }),
    { numRuns: 60 },
  )
})

/** As the version before had them: what reads columns by their place goes on. */
const olderColumns =
  'record_id outcome fault_code fault fault_detail started_at ended_at duration_ms station_id software_version slot ' +
  'port_path platform device_id serial_number serial_number_reason iccid iccid_reason imei imei_reason device_os_before ' +
  'device_os_before_reason device_os_after device_os_after_reason recipe recipe_sha256 simulated operator modules ' +
  'modules_before modules_before_reason modules_after modules_after_reason job already_current label mode protected ' +
  'listening setup_done ncp_version assets'

test('new columns stand behind all older ones', async () => {
  const [head = []] = parseCsv(await textOf(temporaryLedger().exportCsv({})))
  expect(head.slice(0, 42).join(' ')).toBe(olderColumns)
})

test('a DFU device has a row in the same table, with its ids, versions and images', async () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(deviceOpening({ device: loader({ twins: ['1-7', '1-8'] as PortPath[] }) }))
  const status = { proof: 'reported-status', readBackSha256: null, address: null, memory: 'alt 1' } as const
  const images = [imageRecord(), imageRecord({ position: 2, alternate: 1, ...status })]
  ledger.closeRecord(deviceClosing(recordId, { images, deviceAfter: device({ revision: 0x01a2 }) }))
  const [row] = objectsOf(await textOf(ledger.exportCsv({})))
  expect(row).toMatchObject({
    ...{ platform: '', device_id: '', mode: 'dfu', serial_number: '3677365A3037', outcome: 'pass', modules: '' },
    ...{ device: '0483:df11 on 1-2.3', usb_id: '0483:df11', manufacturer: 'Blinky GmbH', product: 'STM32  BOOTLOADER' },
    ...{ own_serial: 'no', same_serial_on: '1-7; 1-8', protocol: 'dfuse', quirks: 'action-required' },
    ...{ revision_before: '', revision_after: '0x01a2', usb_id_after: '1234:abcd' },
    instances: 'USB\\VID_0483&PID_DF11=f2ad4a0c-2a3b-5a3b-8d41-7c8a7b1e9a01',
    images:
      `1 Internal Flash 0x08000000 2048 bytes: written read-back SHA-256 ${'d'.repeat(64)}; ` +
      `2 alt 1 2048 bytes: written reported-status SHA-256 ${'d'.repeat(64)}`,
  })
  expect(JSON.parse(await textOf(ledger.exportJsonLines({})))).toMatchObject({
    ...{ platform: null, deviceId: null, device: { twins: ['1-7', '1-8'], vendorId: 0x0483 } },
    closing: { images, deviceAfter: { revision: 0x01a2 } },
  })
})

test('a device whose serial number is its own says so, and one that is silent says why', async () => {
  const ledger = temporaryLedger()
  ledger.openRecord(deviceOpening())
  const silent = { known: false, reason: 'no answer' } as const
  ledger.openRecord(deviceOpening({ device: device({ serialNumber: silent, productName: silent }) }))
  const rows = objectsOf(await textOf(ledger.exportCsv({})))
  expect(rows).toMatchObject([
    { own_serial: 'yes', same_serial_on: '', device: '1234:abcd 3677365A3037', revision_before: '1.01' },
    { own_serial: 'no', product: '? no answer', serial_number_reason: 'no answer', device: '1234:abcd on 1-2.3' },
  ])
})

test('a twin that came while the job ran is told, too', async () => {
  const ledger = temporaryLedger()
  const recordId = ledger.openRecord(deviceOpening())
  ledger.closeRecord(deviceClosing(recordId, { deviceAfter: device({ twins: ['1-7'] as PortPath[] }) }))
  const [row] = objectsOf(await textOf(ledger.exportCsv({})))
  expect(row).toMatchObject({ own_serial: 'no', same_serial_on: '1-7' })
})

test('an empty ledger exports its header and nothing else', async () => {
  const ledger = temporaryLedger()
  expect(parseCsv(await textOf(ledger.exportCsv({})))).toHaveLength(1)
  expect(await textOf(ledger.exportJsonLines({}))).toBe('')
})

test('a line of JSON is the whole record, open or closed', async () => {
  const ledger = temporaryLedger()
  const ids: RecordId[] = [1, 2].map((slot) => ledger.openRecord(opening({ slot })))
  ledger.closeRecord(closing(ids[0] as RecordId))
  const lines = (await textOf(ledger.exportJsonLines({}))).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    ids.map((recordId) => ({ ...ledger.record(recordId), alreadyCurrent: false })),
  )
})

test('an export takes the same filter as a search', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  bulkFill(plainConnection(file), 1000)
  const filter = {
    text: '50',
    outcome: 'fail',
    from: startOfTime + 60_000 * 200,
    to: startOfTime + 60_000 * 800,
  } as const
  const rows = objectsOf(await textOf(ledger.exportCsv(filter)))
  const found = ledger.search(filter, { limit: 1000 }).records
  expect(rows.length).toBeGreaterThan(3)
  expect(rows.map((row) => row['record_id'])).toEqual(found.map((record) => record.recordId).toReversed())
})

test('the station writes on while an export runs, and the export stays at its moment', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  bulkFill(plainConnection(file), 1000)
  let text = ''
  for await (const chunk of ledger.exportJsonLines({})) {
    text += chunk
    ledger.closeRecord(closing(ledger.openRecord(opening({ startedAt: startOfTime + 1e10 }))))
  }
  expect(text.trimEnd().split('\n')).toHaveLength(1000)
  expect(ledger.search({}).total).toBeGreaterThan(1005)
})

test('an export that is given up leaves nothing open', async () => {
  const file = temporaryFile()
  const ledger = temporaryLedger(file)
  bulkFill(plainConnection(file), 1000)
  for await (const chunk of ledger.exportCsv({})) if (chunk.includes('e00f')) break
  const [row] = plainConnection(file).pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  expect(row?.busy).toBe(0)
})

test('100,000 records stream in bounded memory', async () => {
  const file = temporaryFile()
  temporaryLedger(file)[Symbol.dispose]()
  bulkFill(plainConnection(file), 100_000, { keys: false })
  const child = fork(path.join(import.meta.dirname, 'exporting-child.ts'), [file], {
    execArgv: ['--max-old-space-size=32', '--max-semi-space-size=1', '--expose-gc'],
    serialization: 'json',
  })
  const [[report]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
  expect(report).toMatchObject({ csvRows: 100_001, jsonRows: 100_000 })
  expect(report.characters).toBeGreaterThan(100_000_000)
  expect(report.growthBytes).toBeLessThan(48 * 1024 * 1024)
}, 60_000)
