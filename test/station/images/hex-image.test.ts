import { describe, expect, it } from 'vitest'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import { hexFile, hexRecord, program } from './image-builder.ts'
import { reasonFor } from './refused.ts'

const end = ':00000001FF\n'
const linear = (upper: number) => hexRecord(4, 0, Buffer.of(upper >>> 8, upper & 0xff))
const text = (...lines: readonly string[]) => Buffer.from(lines.join(''))

/** Every field of a record, wrong, and what is said of it. */
const wrong: Readonly<Record<string, readonly [Uint8Array, string]>> = {
  'no data': [text(end), 'NO_ELEMENTS'],
  'no end': [text(hexRecord(0, 0, Buffer.of(1))), 'HEX_NO_EOF'],
  'a record behind its end': [text(hexRecord(0, 0, Buffer.of(1)), end, end), 'HEX_AFTER_EOF'],
  'a line that is no record': [text('10000000\n', end), 'HEX_SYNTAX'],
  'a digit that is none': [text(':01000000G0\n', end), 'HEX_SYNTAX'],
  'an odd number of digits': [text(':010000000FF\n', end), 'HEX_SYNTAX'],
  'a wrong checksum': [text(':0100000001FF\n', end), 'HEX_CHECKSUM'],
  'a count that is not that of its data': [text(':0200000001FD\n', end), 'HEX_SYNTAX'],
  'a record type that does not exist': [text(hexRecord(6, 0, Buffer.of(1)), end), 'HEX_SYNTAX'],
  'an address record of one byte': [text(hexRecord(4, 0, Buffer.of(8)), end), 'HEX_SYNTAX'],
  'a record across 64 KiB': [text(hexRecord(0, 0xffff, Buffer.of(1, 2)), end), 'HEX_ADDRESS'],
  'two bytes for one address': [text(hexRecord(0, 0, Buffer.of(1)), hexRecord(0, 0, Buffer.of(2)), end), 'HEX_OVERLAP'],
  'filler over a byte': [text(hexRecord(0, 0, Buffer.of(1)), hexRecord(0, 0, Buffer.of(0xff)), end), 'HEX_OVERLAP'],
}

describe('an Intel HEX image', () => {
  it.each(Object.entries(wrong))('with %s is refused', (_, [file, reason]) => {
    expect(reasonFor(file, 'blinky.hex')).toBe(reason)
  })

  it('is a piece for each run of addresses, wherever they lie', () => {
    const runs = [
      { address: 0x0800_0000, bytes: program(400) },
      { address: 0x0800_fff8, bytes: program(40) },
      { address: 0xffff_fff0, bytes: program(16) },
    ]
    const [parsed] = parseImages(hexFile([...runs].reverse()), { name: 'blinky.hex' })
    expect(parsed?.image).toMatchObject({ format: 'hex', notes: ['no DFU suffix: nothing says what it is for'] })
    expect(parsed?.image.elements).toMatchObject(
      runs.map(({ address, bytes }) => ({ alternate: null, address, sizeBytes: bytes.length })),
    )
    expect(parsed?.pieces.map((piece) => Buffer.from(piece))).toEqual(runs.map(({ bytes }) => Buffer.from(bytes)))
  })

  it('may say a byte twice when it says the same', () => {
    const record = hexRecord(0, 0x10, Buffer.of(1, 2, 3))
    const [parsed] = parseImages(text(linear(0x0800), record, record, end), { name: 'blinky.hex' })
    expect(parsed?.image.elements).toMatchObject([{ address: 0x0800_0010, sizeBytes: 3 }])
  })

  it('is known by its first record, whatever it is called, and by its name, whatever it begins with', () => {
    expect(parseImages(hexFile([{ address: 0, bytes: program(8) }]), { name: 'a.txt' })[0]?.image.format).toBe('hex')
    expect(reasonFor(Buffer.from('\x81\n', 'latin1'), 'a.hex')).toBe('HEX_SYNTAX')
    expect(reasonFor(Buffer.from('\x81\n', 'latin1'), 'a.ihx')).toBe('HEX_SYNTAX')
  })
})
