// Text of a quirk file to rows: what it may look like, and that a mistake is told with its line.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinQuirks, parseQuirks, quirkText } from '../../../src/main/station/devices/quirk-file.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'

const seed = 20260503
const numRuns = 20_000

const faultOf = (text: string): string => {
  try {
    parseQuirks(text, 'devices.quirk')
    return 'no fault'
  } catch (thrown) {
    return thrown instanceof Fault ? `${thrown.code}: ${thrown.detail}` : expect.unreachable()
  }
}

describe('a quirk file', () => {
  it('has a section for each device, with keys and values, comments and empty lines', () => {
    const text =
      '\uFEFF# ours\r\n\r\n[USB\\VID_1209&PID_0002]\r\n  Flags = will-disappear, no-pid-change\r\nName=Ours = good\r\n'
    expect(parseQuirks(text, 'devices.quirk').rows).toEqual([
      {
        section: 'USB\\VID_1209&PID_0002',
        values: [
          { key: 'Flags', value: 'will-disappear, no-pid-change' },
          { key: 'Name', value: 'Ours = good' },
        ],
        origin: 'devices.quirk',
        line: 3,
      },
    ])
  })

  it('may be empty', () => {
    expect(parseQuirks('', 'devices.quirk').rows).toEqual([])
  })

  it.each([
    ['[usb\\vid_1d50&pid_5119]', 'USB\\VID_1D50&PID_5119'],
    ['[ USB\\VID_095d ]', 'USB\\VID_095D'],
    ['[DeviceInstanceId=USB\\VID_0763&PID_2806]', 'USB\\VID_0763&PID_2806'],
    ['[USB\\CLASS_fe&SUBCLASS_01]', 'USB\\CLASS_FE&SUBCLASS_01'],
    ['[2FA8891F-3ECE-53A4-ADC4-0DD875685F30]', '2fa8891f-3ece-53a4-adc4-0dd875685f30'],
    ['[DFU_AVR\\CID_0x58200203]', 'DFU_AVR\\CID_0x58200203'],
    ['[USB\\VID_1234&PID_5678&HUB_0012]'.replace('HUB', 'REV'), 'USB\\VID_1234&PID_5678&REV_0012'],
  ])('names a device as %s', (section, name) => {
    expect(parseQuirks(section, 'devices.quirk').rows[0]?.section).toBe(name)
  })

  it('keeps what it does not know', () => {
    const text =
      '[USB\\VID_1209&PID_0002]\nFlags = enforce-requires,Nonsense!\nCounterpartGuid = USB\\VID_1209&PID_0001'
    expect(parseQuirks(text, 'x').rows.map(quirkText)).toEqual([text])
  })
})

describe('a mistake in a quirk file', () => {
  it.each([
    ['Flags = gd32', 'line 1: there is no [section] above it: Flags = gd32'],
    ['# x\n[USB\\VID_1209&PID_0002', 'line 2: a section is [a name in brackets]: [USB\\VID_1209&PID_0002'],
    ['[]', 'line 1: a section is [a name in brackets]: []'],
    ['[USB\\VID_1209&PID_2]', 'line 1: this names no USB device: [USB\\VID_1209&PID_2]'],
    ['[USB\\VID_120G]', 'line 1: this names no USB device: [USB\\VID_120G]'],
    ['[USB\\VID_1209]\ngd32', 'line 2: a line is a section, a comment or "Key = value": gd32'],
    ['[USB\\VID_1209]\n= gd32', 'line 2: a line is a section, a comment or "Key = value": = gd32'],
    [
      '[USB\\VID_1209]\nDfuForceVersion = 0110',
      'line 2: DfuForceVersion cannot have this value: DfuForceVersion = 0110',
    ],
    [
      '[USB\\VID_1209]\nDfuForceVersion = 0x10000',
      'line 2: DfuForceVersion cannot have this value: DfuForceVersion = 0x10000',
    ],
    [
      '[USB\\VID_1209]\nDfuForceTimeout = soon',
      'line 2: DfuForceTimeout cannot have this value: DfuForceTimeout = soon',
    ],
    [
      '[USB\\VID_1209]\nDfuForceTransferSize = 0',
      'line 2: DfuForceTransferSize cannot have this value: DfuForceTransferSize = 0',
    ],
    ['[USB\\VID_1209]\n\u001b[2Jclear', 'line 2: a line is a section, a comment or "Key = value": ?[2Jclear'],
  ])('%j is told', (text, told) => {
    expect(faultOf(text)).toBe(`QUIRKS_INVALID: devices.quirk, ${told}`)
  })

  it('is told also where the file is absurdly long', () => {
    expect(faultOf('#'.repeat(1_000_001))).toBe('QUIRKS_INVALID: devices.quirk: longer than 1000000 characters')
  })
})

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
const hex4 = fc.integer({ min: 0, max: 0xffff }).map((id) => id.toString(16).toUpperCase().padStart(4, '0'))
const section = fc.oneof(
  hex4.map((vendor) => `USB\\VID_${vendor}`),
  fc.tuple(hex4, hex4).map(([vendor, product]) => `USB\\VID_${vendor}&PID_${product}`),
  fc.tuple(hex4, hex4, hex4).map(([vendor, product, revision]) => `USB\\VID_${vendor}&PID_${product}&REV_${revision}`),
  fc.uuid(),
)
const value = fc.oneof(
  fc.record({ key: fc.constant('Flags'), value: fc.array(word, { maxLength: 4 }).map((flags) => flags.join(',')) }),
  fc.record({
    key: fc.constant('DfuForceVersion'),
    value: fc.integer({ min: 0, max: 0xffff }).map((n) => `0x${n.toString(16)}`),
  }),
  fc.record({ key: fc.constant('DfuForceTimeout'), value: fc.integer({ min: 1, max: 600_000 }).map(String) }),
  fc.record({ key: word, value: fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/) }),
)
const row = fc.record({ section, values: fc.array(value, { maxLength: 5 }) })

describe('any text', () => {
  it('of rows is read as the rows that it was made of', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const book = joinQuirks(...rows.map((each) => parseQuirks(quirkText(each), 'x')))
        expect(book.rows.map(({ section, values }) => ({ section, values }))).toEqual(rows)
        expect(parseQuirks(rows.map(quirkText).join('\n\n'), 'x').rows.map(quirkText)).toEqual(rows.map(quirkText))
      }),
      { seed, numRuns: 5_000 },
    )
  })

  const pieces = fc.oneof(
    fc.constantFrom('[', ']', '=', '#', '\n', '\r', ' ', 'USB\\VID_', '&PID_', '&REV_', '0483', 'DF11', 'Flags', '~'),
    fc.constantFrom('DfuForceVersion', 'DfuForceTimeout', '0x', '__proto__', 'constructor', '\uFEFF', '\0', '\ud800'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const text = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))

  it('is a book or a fault with a line, and nothing else', () => {
    let books = 0
    fc.assert(
      fc.property(text, (any) => {
        const told = faultOf(any)
        if (told === 'no fault') books += 1
        else expect(told).toMatch(/^QUIRKS_INVALID: devices\.quirk, line \d+: \P{C}+$/u)
      }),
      { seed, numRuns },
    )
    expect(books).toBeGreaterThan(100)
  })
})
