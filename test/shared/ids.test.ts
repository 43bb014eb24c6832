// Identifiers are made only by their parsers: what they accept is of one spelling, what they refuse is no identifier.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDeviceId, parseIccid, parsePortPath, parseSha256 } from '../../src/shared/model/ids.ts'

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdefABCDEF'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''))
const digits = (least: number, most: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: least, maxLength: most }).map((all) => all.join(''))

const parsers = { parseDeviceId, parseIccid, parsePortPath, parseSha256 }

describe('every parser of an identifier', () => {
  it.each(Object.entries(parsers))('%s gives what it would give again, or null', (_, parse) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), hex(24), hex(64), digits(17, 23)), (text) => {
        const id = parse(text)
        expect(id === null || parse(id) === id).toBe(true)
      }),
    )
  })

  it.each(Object.entries(parsers))(
    '%s refuses a second line, a sign, a blank text and a number in disguise',
    (_, parse) => {
      for (const text of ['', ' ', '\n', '-1', '1e24', '0x00', 'null', `${'a'.repeat(24)}\n${'b'.repeat(24)}`]) {
        expect(parse(text)).toBeNull()
      }
    },
  )
})

describe('a device ID', () => {
  it('is 24 hex digits in any case, and is kept in lower case', () => {
    fc.assert(fc.property(hex(24), (text) => void expect(parseDeviceId(text)).toBe(text.toLowerCase())))
    expect(parseDeviceId(' E00FCE68AABBCCDDEEFF0011\r\n')).toBe('e00fce68aabbccddeeff0011')
  })

  it('is refused with a digit more, a digit less, or a letter that is none', () => {
    fc.assert(fc.property(hex(23), (text) => void expect(parseDeviceId(text)).toBeNull()))
    fc.assert(fc.property(hex(25), (text) => void expect(parseDeviceId(text)).toBeNull()))
    expect(parseDeviceId(`${'0'.repeat(23)}g`)).toBeNull()
    expect(parseDeviceId('０'.repeat(24))).toBeNull()
  })
})

describe('an ICCID', () => {
  it('is text, so that twenty digits keep their last', () => {
    expect(parseIccid('89883070000012345678')).toBe('89883070000012345678')
    fc.assert(fc.property(digits(18, 22), (text) => void expect(parseIccid(text)).toBe(text)))
  })

  it('may end in F, in any case', () => {
    expect(parseIccid('8988303000001234567f')).toBe('8988303000001234567F')
    expect(parseIccid('898830300000123456ff')).toBeNull()
  })

  it('is refused where it is too short or too long', () => {
    expect([parseIccid('1'.repeat(17)), parseIccid('1'.repeat(23))]).toEqual([null, null])
  })
})

describe('a port path', () => {
  const path = fc
    .tuple(fc.nat({ max: 255 }), fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 7 }))
    .map(([bus, ports]) => `${bus}-${ports.join('.')}`)

  it('is a bus and the ports on the way', () => {
    fc.assert(fc.property(path, (text) => void expect(parsePortPath(text)).toBe(text)))
  })

  it.each(['1', '1-', '-1', '1-1.', '1-.1', '1-1..2', '1-1 ', 'a-1', '../1-1'])('is not %j', (text) => {
    expect(parsePortPath(text)).toBeNull()
  })
})
