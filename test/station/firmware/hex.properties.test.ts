import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { carveHex } from '../../../src/main/station/firmware/carve-hex.ts'
import { readHexPieces } from '../../../src/main/station/firmware/hex-records.ts'
import { joinPieces } from '../../../src/main/station/firmware/hex-runs.ts'
import { Refusal, refuser } from '../../../src/main/station/firmware/refusal.ts'
import { hexOf, hexText, records } from './hex-builder.ts'
import { boron, photon } from './module-builder.ts'

const refuse = refuser('hex', 'a.hex')

const style = fc.record({
  recordBytes: fc.integer({ min: 1, max: 255 }),
  upper: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', ' \n\n'),
})

describe('the reader of Intel HEX', () => {
  it('gives back what was written, whatever the order, length and case of its records', () => {
    const byteMap = fc.dictionary(
      fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0xff00, max: 0x1_0100 })).map(String),
      fc.nat({ max: 255 }),
      { minKeys: 1, maxKeys: 200 },
    )
    fc.assert(
      fc.property(
        byteMap,
        style,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (bytes, how, chance) => {
          const blocks = Object.entries(bytes).map(([address, byte]) => ({
            address: Number(address),
            bytes: Uint8Array.of(byte),
          }))
          const lines = blocks
            .flatMap((block) => records(block, how))
            .map((line) => ({ line, at: chance.next().value }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ line }) => line)
          const runs = joinPieces(readHexPieces(Buffer.from(hexOf(lines, how)), refuse), refuse)
          const read = Object.fromEntries(
            runs.flatMap((run) => [...run.bytes].map((byte, at) => [String(run.address + at), byte])),
          )
          expect(read).toEqual({ ...bytes })
          for (const [at, run] of runs.entries()) {
            const next = runs[at + 1]
            if (next) expect(run.address + run.bytes.length).toBeLessThan(next.address)
          }
        },
      ),
    )
  })

  it('takes a file that was changed anywhere, or refuses it, and never fails in another way', () => {
    const good = Buffer.from(
      hexText([
        { address: 0x3_0000, bytes: boron.system() },
        { address: 0xd_4000, bytes: boron.user() },
        { address: 0x080a_0000, bytes: photon.user() },
      ]),
    )
    const change = fc.tuple(
      fc.nat({ max: good.length - 1 }),
      fc.nat({ max: 40 }),
      fc.oneof(
        fc.uint8Array({ maxLength: 30 }),
        fc
          .string({ unit: fc.constantFrom(...':0123456789abcdefFG \r\n'), maxLength: 60 })
          .map((text) => Buffer.from(text)),
      ),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const text = changes.reduce<Buffer>(
          (before, [at, gone, put]) => Buffer.concat([before.subarray(0, at), put, before.subarray(at + gone)]),
          good,
        )
        try {
          for (const { bytes } of carveHex(text, refuse).modules) expect(bytes.length).toBeLessThan(text.length)
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown
          expect(thrown.layer).toBe('hex')
        }
      }),
      { numRuns: 300 },
    )
  })

  it('reads noise without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
        expect(() => carveHex(noise, refuse)).toThrow(Refusal)
      }),
    )
  })
})
