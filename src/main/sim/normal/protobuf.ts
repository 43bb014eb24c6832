// The little of the protobuf wire format that control requests need, written by us so that the simulator shares no
// codec with the station: varints of 32 bits, fixed32, length-delimited bytes. Knows no message.

export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: number }
  | { readonly number: number; readonly kind: 'fixed32'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Uint8Array }

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const
const encoder = new TextEncoder()

/** An unsigned field; zero is the default of proto3 and stays off the wire. */
export function uint(number: number, value: number): readonly Field[] {
  return value === 0 ? [] : [{ number, kind: 'varint', value }]
}

export function flag(number: number, value: boolean): readonly Field[] {
  return uint(number, value ? 1 : 0)
}

export function fixed32(number: number, value: number): readonly Field[] {
  return value === 0 ? [] : [{ number, kind: 'fixed32', value }]
}

export function text(number: number, value: string): readonly Field[] {
  return value === '' ? [] : [{ number, kind: 'bytes', value: encoder.encode(value) }]
}

/** Bytes, or an embedded message: present even when empty. */
export function bytes(number: number, value: Uint8Array): readonly Field[] {
  return [{ number, kind: 'bytes', value }]
}

export function encode(fields: readonly Field[]): Uint8Array {
  const out: number[] = []
  for (const field of fields) {
    pushVarint(out, field.number * 8 + wireTypes[field.kind])
    if (field.kind === 'varint') pushVarint(out, field.value)
    else if (field.kind === 'fixed32') for (let i = 0; i < 4; i++) out.push((field.value >>> (8 * i)) & 0xff)
    else {
      pushVarint(out, field.value.length)
      for (const byte of field.value) out.push(byte)
    }
  }
  return Uint8Array.from(out)
}

function pushVarint(out: number[], value: number): void {
  let rest = value >>> 0
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  out.push(rest)
}

/** The fields in wire order, 64-bit fixed ones left out; null when the bytes are no protobuf message. */
export function decode(message: Uint8Array): readonly Field[] | null {
  const fields: Field[] = []
  const cursor = { message, at: 0 }
  while (cursor.at < message.length) {
    const tag = readVarint(cursor)
    if (tag === null || tag >>> 3 === 0) return null
    const field = readField(cursor, tag >>> 3, tag & 7)
    if (field === null) return null
    if (field !== 'skipped') fields.push(field)
  }
  return fields
}

interface Cursor {
  readonly message: Uint8Array
  at: number
}

function readField(cursor: Cursor, number: number, wireType: number): Field | 'skipped' | null {
  if (wireType === wireTypes.varint) {
    const value = readVarint(cursor)
    return value === null ? null : { number, kind: 'varint', value }
  }
  if (wireType === wireTypes.fixed64) return take(cursor, 8) && 'skipped'
  if (wireType === wireTypes.fixed32) {
    const word = take(cursor, 4)
    return word && { number, kind: 'fixed32', value: littleEndian(word) }
  }
  if (wireType !== wireTypes.bytes) return null
  const length = readVarint(cursor)
  const value = length === null ? null : take(cursor, length)
  return value && { number, kind: 'bytes', value }
}

function take(cursor: Cursor, count: number): Uint8Array | null {
  if (count > cursor.message.length - cursor.at) return null
  cursor.at += count
  return cursor.message.slice(cursor.at - count, cursor.at)
}

function littleEndian(word: Uint8Array): number {
  return word.reduceRight((value, byte) => value * 256 + byte, 0)
}

/** The low 32 bits of a varint of at most ten bytes: what a uint32, an enum or a bool makes of it. */
function readVarint(cursor: Cursor): number | null {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = cursor.message[cursor.at]
    if (byte === undefined) return null
    cursor.at += 1
    if (i < 5) value = (value | ((byte & 0x7f) << (7 * i))) >>> 0
    if (byte < 0x80) return value
  }
  return null
}

/** Value of the last varint field of that number; the default 0 when there is none. */
export function uintOf(fields: readonly Field[], number: number): number {
  const found = fields.findLast((field) => field.number === number && field.kind === 'varint')
  return found?.kind === 'varint' ? found.value : 0
}

export function bytesOf(fields: readonly Field[], number: number): Uint8Array {
  const found = fields.findLast((field) => field.number === number && field.kind === 'bytes')
  return found?.kind === 'bytes' ? found.value : new Uint8Array(0)
}
