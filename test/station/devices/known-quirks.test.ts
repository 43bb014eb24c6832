// The built-in quirks: every row of the table of known DFU departures is there, and nothing in it is unknown or useless.
import { describe, expect, it } from 'vitest'
import { knownQuirks, stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { habitsOf } from '../../../src/main/station/devices/quirk-book.ts'
import { parseQuirks, quirkText } from '../../../src/main/station/devices/quirk-file.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'

const book = stationQuirks(null)
const anyRevision = 0x0123

/** "1d50:5119" or "0908:02c4:0000", with revision. */
function inForceFor(ids: string) {
  const [vendorId = 0, productId = 0, deviceRelease = anyRevision] = ids
    .split(':')
    .map((hex) => Number.parseInt(hex, 16))
  return habitsOf(book, { vendorId, productId, deviceRelease })
}

const range = (vendor: string, least: number, most: number) =>
  Array.from({ length: most - least + 1 }, (_, at) => `${vendor}:${(least + at).toString(16)}`)
const openmoko = [...range('1d50', 0x5117, 0x5126), ...range('1457', 0x5117, 0x5126)]
const siemens = ['0908:02c4:0000', '0908:02c5:0000']
const readers = ['16c0:076b', '16c0:076c', '16c0:0762']
const atmel = range('03eb', 0x2fe2, 0x2ffb)
const jabra = ['0b0e:0411', '0b0e:0421', '0b0e:0971', '0b0e:0982']
const mStack = ['273f:1003', '273f:1008', '273f:100a']
const detachable = ['0bda:5800', '34ad:0006', '2574:0a30', '25b5:0004', '1bcf:0b1d', '1bcf:0b1e', '1bcf:0b22']

const table: readonly (readonly [string, readonly string[]])[] = [
  ['ignore-polltimeout', [...openmoko, ...readers, ...siemens, '0763:2806', '1bcf:0b1d']],
  ['allow-zero-polltimeout', ['095d:9217', '095d:0001', '095d:ffff']],
  ['force-dfu-mode', ['28e9:0189', '1fc9:000c', ...atmel]],
  ['no-pid-change', ['1d50:5119', ...jabra]],
  ['no-dfu-runtime', ['1d50:5119', '1d50:60a7']],
  ['needs-bootloader', ['1d50:5119', '1d50:60a7']],
  ['no-get-status-upload', ['1d50:5119']],
  ['attach-upload-download', mStack],
  ['attach-extra-reset', jabra],
  ['ignore-upload', jabra],
  ['use-any-interface', atmel],
  ['legacy-protocol', atmel],
  ['manifest-poll', ['095d:9217', '095d:0001', '095d:ffff']],
  ['no-bus-reset-attach', ['095d:9217', '095d:9218', '095d:9160', '095d:927b']],
  ['index-force-detach', ['095d:9217', '095d:9290', '095d:9160', '095d:92b2', '095d:92b4', '095d:92a1', '095d:92c6']],
  ['absent-sector-size', ['0483:df11']],
  ['will-disappear', ['0483:df11', '28e9:0189']],
  ['detach-for-attach', [...detachable, '0c45:636c', '0c45:636d']],
  ['gd32', ['28e9:0189']],
  ['DfuForceVersion=0x011a', ['0483:df11']],
  ['DfuForceTimeout=5000', ['0483:df11']],
  ['DfuForceVersion=0x0110', ['1eaf:0003:0200']],
  ['DfuForceVersion=0xff01', ['03eb:2ff7', '03eb:2ff9', '03eb:2ffa', '03eb:2ffb', '03eb:2fe2']],
]

describe('the built-in quirks', () => {
  it.each(table)('have %s for all that need it', (quirk, devices) => {
    expect(devices.filter((ids) => !inForceFor(ids).quirks.includes(quirk))).toEqual([])
  })

  it('do not name more devices than the standard is too strict for', () => {
    const plain = ['0908:02c4:0001', '1eaf:0003:0100', '1d50:5116', '1d50:5127', '0483:5740', '2b04:d006', '1209:0001']
    expect(plain.flatMap((ids) => inForceFor(ids).quirks)).toEqual([])
  })

  it('say no word that means nothing here', () => {
    const unused = book.rows.flatMap(({ section, values }) => {
      const row = parseQuirks(quirkText({ section: 'USB\\VID_0001', values }), 'x')
      const { quirks, unused, habits } = habitsOf(row, { vendorId: 1, productId: 1, deviceRelease: 1 })
      const isVoid = quirks.length === 0 && habits.forcedVersion === null
      return isVoid ? [section] : unused
    })
    expect(unused).toEqual([])
  })

  it('have one row for one name', () => {
    const sections = book.rows.map(({ section }) => section)
    expect(sections).toEqual([...new Set(sections)])
  })

  it('are text that a person can read: a comment above each group, and lines that fit a page', () => {
    const lines = knownQuirks.split('\n')
    expect(lines.filter((line) => line.length > 120)).toEqual([])
    expect(lines.filter((line) => line.startsWith('#')).length).toBeGreaterThan(10)
    expect(lines.find((line) => line.trim() !== '')).toMatch(/^#/)
  })
})

describe('the quirks of a station', () => {
  it('are the built-in ones and those of its user, which weigh more', () => {
    const ours = stationQuirks('[USB\\VID_0483&PID_DF11]\nFlags = ~will-disappear\nDfuForceTimeout = 9000')
    const { habits, rows } = habitsOf(ours, { vendorId: 0x0483, productId: 0xdf11, deviceRelease: 0x2200 })
    expect(habits).toMatchObject({ willDisappear: false, absentSectorSize: true, forcedTimeoutMs: 9000 })
    expect(rows.map(({ origin }) => origin)).toEqual(['built in', 'devices.quirk'])
  })

  it('cannot be had with a text that has a mistake', () => {
    expect(() => stationQuirks('gd32')).toThrow(Fault)
    expect(() => stationQuirks('gd32')).toThrow('QUIRKS_INVALID: devices.quirk, line 1')
  })
})
