import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  decode,
  encode,
  type Field,
  fixed32,
  flag,
  text,
  uint,
  uintOf,
} from '../../../src/main/sim/normal/protobuf.ts'

const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const number = fc.integer({ min: 1, max: 2047 })
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ number, kind: fc.constant('varint' as const), value: uint32 }),
  fc.record({ number, kind: fc.constant('fixed32' as const), value: uint32 }),
  fc.record({ number, kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 300 }) }),
)

describe('the protobuf codec', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        expect(decode(encode(fields))).toEqual(fields)
      }),
    )
  })

  it('never throws on bytes that are no message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const fields = decode(bytes)
        expect(fields === null || Array.isArray(fields)).toBe(true)
      }),
    )
  })

  it('writes the wire bytes of the protobuf documentation', () => {
    expect(encode(uint(1, 150))).toEqual(Uint8Array.of(0x08, 0x96, 0x01))
    expect(encode(text(2, 'testing'))).toEqual(Uint8Array.of(0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67))
    expect(encode(fixed32(6, 0x1e))).toEqual(Uint8Array.of(0x35, 0x1e, 0, 0, 0))
  })

  it('keeps defaults off the wire and reads absent fields as defaults', () => {
    expect(encode([...uint(1, 0), ...flag(2, false), ...text(3, ''), ...fixed32(4, 0)])).toHaveLength(0)
    expect([uintOf([], 1), bytesOf([], 1)]).toEqual([0, new Uint8Array(0)])
  })

  it('takes the last of a repeated scalar and the low half of a negative one', () => {
    expect(uintOf([...uint(1, 5), ...uint(1, 7)], 1)).toBe(7)
    const minusOne = Uint8Array.of(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)
    expect(uintOf(decode(minusOne) ?? [], 1)).toBe(0xffffffff)
  })

  it('skips 64-bit fields and refuses groups, field 0 and cut messages', () => {
    const fixed64 = Uint8Array.of(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 3)
    expect(decode(fixed64)).toEqual(uint(2, 3))
    for (const bad of [[0x0b], [0x00, 1], [0x12, 5, 1], [0x08], [0x35, 1, 2]]) {
      expect(decode(Uint8Array.from(bad))).toBeNull()
    }
  })
})
