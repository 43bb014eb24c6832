// Reads the records of an Intel HEX file: syntax, checksums, address records, the end. What comes out are pieces of data
// with absolute addresses in the order of the file; what they mean is not asked here. Memory follows the text, never the
// span of its addresses.
import { maxHexFileBytes, maxHexPieces } from './limits.ts'
import type { Refuse } from './refusal.ts'

export interface HexPiece {
  readonly address: number
  readonly bytes: Uint8Array
}

const recordTypes = { data: 0, end: 1, segment: 2, segmentStart: 3, linear: 4, linearStart: 5 } as const
/** Lengths that the format fixes; data may have any. */
const fixedLengths: ReadonlyMap<number, number> = new Map([
  [recordTypes.end, 0],
  [recordTypes.segment, 2],
  [recordTypes.segmentStart, 4],
  [recordTypes.linear, 2],
  [recordTypes.linearStart, 4],
])

/** `to` is exclusive. */
export interface AddressRange {
  readonly from: number
  readonly to: number
}

/** Where Particle boards have flash: nRF52840, STM32F2 and RTL872x, and the configuration words of an nRF52840. */
const flashRanges: readonly AddressRange[] = [
  { from: 0, to: 0x10_0000 },
  { from: 0x0800_0000, to: 0x0880_0000 },
  { from: 0x1000_1000, to: 0x1000_2000 },
]

interface Reading {
  readonly text: Uint8Array
  readonly ranges: readonly AddressRange[]
  readonly refuse: Refuse
  /** All data of the file, in order. */
  readonly data: Uint8Array
  filled: number
  base: number
  hasEnded: boolean
  /** Starts and ends of pieces: [address, from, to] three by three. */
  readonly marks: number[]
}

/**
 * `ranges`: where data may go; left out, the flash of Particle boards. Refuses EMPTY_FILE, TOO_LARGE, HEX_SYNTAX,
 * HEX_CHECKSUM, HEX_ADDRESS, HEX_NO_EOF and HEX_AFTER_EOF.
 */
export function readHexPieces(
  text: Uint8Array,
  refuse: Refuse,
  ranges: readonly AddressRange[] = flashRanges,
): readonly HexPiece[] {
  if (text.length === 0) refuse('EMPTY_FILE', 'the file is empty')
  if (text.length > maxHexFileBytes) refuse('TOO_LARGE', `${text.length} bytes; ${maxHexFileBytes} is the most`)
  const data = new Uint8Array(text.length >>> 1)
  const reading: Reading = { text, ranges, refuse, data, filled: 0, base: 0, hasEnded: false, marks: [] }
  let line = 0
  for (let from = 0; from < text.length; ) {
    line += 1
    const newline = text.indexOf(0x0a, from)
    const to = newline < 0 ? text.length : newline
    readLine(reading, { line, from, to: trimmed(text, from, to), isCutOff: newline < 0 })
    from = to + 1
  }
  if (!reading.hasEnded) refuse('HEX_NO_EOF', 'there is no end-of-file record: the file was cut short')
  return piecesOf(reading)
}

interface Line {
  readonly line: number
  readonly from: number
  /** Exclusive, without white space at the end. */
  readonly to: number
  /** The last line, without a line end. */
  readonly isCutOff: boolean
}

function trimmed(text: Uint8Array, from: number, to: number): number {
  let end = to
  while (end > from && isBlank(text[end - 1])) end -= 1
  return end
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

const colon = 0x3a
/** Count, two bytes of address, type, checksum. */
const emptyRecord = 5

function readLine(reading: Reading, line: Line): void {
  const { text, refuse } = reading
  if (line.from === line.to) return
  if (reading.hasEnded) refuse('HEX_AFTER_EOF', `line ${line.line} stands after the end-of-file record`)
  const wrong = (what: string): never =>
    line.isCutOff
      ? refuse('HEX_NO_EOF', `the file ends in the middle of line ${line.line}`)
      : refuse('HEX_SYNTAX', `line ${line.line}: ${what}`)
  if (text[line.from] !== colon) wrong('not a record, for it does not begin with a colon')
  const digits = line.to - line.from - 1
  if (digits % 2 !== 0) wrong('an odd number of digits')
  const size = digits / 2
  if (size < emptyRecord) wrong('too short for a record')
  const record = reading.data.subarray(reading.filled)
  const sum = decodeInto(record, { text, from: line.from + 1, size }, wrong)
  if ((record[0] ?? 0) !== size - emptyRecord) wrong(`says ${record[0]} bytes of data and has ${size - emptyRecord}`)
  if (sum !== 0) refuse('HEX_CHECKSUM', `line ${line.line}: the checksum is wrong`)
  takeRecord(reading, record.subarray(0, size), (what) => refuse('HEX_SYNTAX', `line ${line.line}: ${what}`))
}

/** The sum of all bytes, which is 0 modulo 256 in a good record. */
function decodeInto(
  into: Uint8Array,
  from: { readonly text: Uint8Array; readonly from: number; readonly size: number },
  wrong: (what: string) => never,
): number {
  let sum = 0
  for (let at = 0; at < from.size; at += 1) {
    const place = from.from + 2 * at
    const high = digitValues[from.text[place] ?? 0] ?? noDigit
    const low = digitValues[from.text[place + 1] ?? 0] ?? noDigit
    if ((high | low) > 0x0f) wrong('a character that is no hexadecimal digit')
    const byte = (high << 4) | low
    into[at] = byte
    sum += byte
  }
  return sum & 0xff
}

const noDigit = 0xff
const digitValues = Uint8Array.from({ length: 256 }, (_, code) => {
  const at = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return at < 0 ? noDigit : at
})

function takeRecord(reading: Reading, record: Uint8Array, wrong: (what: string) => never): void {
  const type = record[3] ?? noDigit
  const count = record[0] ?? 0
  const offset = ((record[1] ?? 0) << 8) | (record[2] ?? 0)
  const value = ((record[4] ?? 0) << 8) | (record[5] ?? 0)
  if (type === recordTypes.data) {
    takeData(reading, { address: reading.base + offset, offset, count })
    return
  }
  const expected = fixedLengths.get(type) ?? wrong(`record type ${type}, which does not exist`)
  if (count !== expected) wrong(`a record of type ${type} with ${count} bytes`)
  if (type === recordTypes.end) reading.hasEnded = true
  // The start address of a program says nothing about its bytes.
  if (type === recordTypes.segment) reading.base = value * 16
  if (type === recordTypes.linear) reading.base = value * 0x1_0000
}

function takeData(
  reading: Reading,
  record: { readonly address: number; readonly offset: number; readonly count: number },
): void {
  const { data, filled, marks, ranges, refuse } = reading
  const { address, offset, count } = record
  if (count === 0) return
  const isFlash = ranges.some(({ from, to }) => address >= from && address + count <= to)
  const told = `0x${address.toString(16).toUpperCase()}`
  if (!isFlash)
    refuse(
      'HEX_ADDRESS',
      `data for ${told}, ${ranges === flashRanges ? 'where no board has flash' : 'past the end of 32 bits'}`,
    )
  if (offset + count > 0x1_0000) refuse('HEX_ADDRESS', `the record at ${told} crosses the end of its 64 KiB`)
  data.copyWithin(filled, filled + 4, filled + 4 + count)
  reading.filled += count
  const last = marks.length - 3
  const follows = last >= 0 && (marks[last] ?? 0) + (marks[last + 2] ?? 0) - (marks[last + 1] ?? 0) === address
  if (follows) marks[last + 2] = reading.filled
  else marks.push(address, filled, reading.filled)
  if (marks.length > 3 * maxHexPieces) refuse('TOO_LARGE', `more than ${maxHexPieces} pieces that do not join`)
}

function piecesOf({ marks, data }: Reading): readonly HexPiece[] {
  return Array.from({ length: marks.length / 3 }, (_, at) => ({
    address: marks[3 * at] ?? 0,
    bytes: data.subarray(marks[3 * at + 1], marks[3 * at + 2]),
  }))
}
