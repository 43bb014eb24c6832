import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/main/audit/canonical-json.ts'
import { recordIdMaker } from '../../src/main/audit/record-id.ts'
import { startOfTime } from './record-samples.ts'

test('a record ID is a UUID of version 7 that tells its time', () => {
  const id = recordIdMaker(() => startOfTime)()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(startOfTime)
})

test('record IDs rise in text order whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 60 }), (offsets) => {
      const times = offsets.map((offset) => startOfTime + offset)
      const nextId = recordIdMaker(() => times.shift() ?? 0)
      const ids = offsets.map(() => nextId())
      expect(ids).toEqual(ids.toSorted())
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('10,000 record IDs of one millisecond still rise', () => {
  const nextId = recordIdMaker(() => startOfTime)
  const ids = Array.from({ length: 10_000 }, () => nextId())
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(10_000)
})

const value = fc.letrec((tie) => ({
  value: fc.oneof(fc.string(), fc.integer(), fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
})).value as fc.Arbitrary<Parameters<typeof canonicalJson>[0]>

test('canonical JSON says the same value as JSON', () => {
  fc.assert(
    fc.property(value, (any) => {
      expect(JSON.parse(canonicalJson(any))).toEqual(JSON.parse(JSON.stringify(any)))
    }),
  )
})

test('canonical JSON does not depend on the order of keys, and leaves out what is null', () => {
  expect(canonicalJson({ b: [1, 'x'], a: { d: null, c: '"' } })).toBe('{"a":{"c":"\\""},"b":[1,"x"]}')
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (any) => {
      const turned = Object.fromEntries(Object.entries(any).toReversed())
      expect(canonicalJson(turned)).toBe(canonicalJson(any))
    }),
  )
})
