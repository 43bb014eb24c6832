import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectModule } from '../../../src/main/station/firmware/parse-module.ts'
import { Refusal } from '../../../src/main/station/firmware/refusal.ts'
import { boundsOf, protectedRangeIn } from '../../../src/main/station/platforms/platforms.ts'
import { assetModule, boron, boronUser, buildModule, p2, pack, photon, seal } from './module-builder.ts'

const samples: readonly Uint8Array[] = [
  photon.bootloader(),
  photon.system1(),
  photon.user(),
  boron.system(),
  boron.softDevice(),
  boron.user(),
  p2.bootloader(),
  p2.userWithAsset('cat.txt', 'a cat'),
  assetModule('cat.txt', 'a cat', { packed: true }),
  buildModule({ ...boronUser(''), flags: 0x02, payload: pack(boron.user()) }),
  Buffer.concat([buildModule({ ...boronUser('first'), flags: 0x04 }), boron.user()]),
]

type Change = (bytes: Uint8Array) => Uint8Array

const position = fc.nat({ max: 2000 })
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, put]): Change => overwrite(at, put)),
  position.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % bytes.length),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 100 }).map(
    (tail): Change =>
      (bytes) =>
        Buffer.concat([bytes, tail]),
  ),
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(
    ([at, put]): Change =>
      (bytes) => {
        const cut = at % bytes.length
        return Buffer.concat([bytes.subarray(0, cut), put, bytes.subarray(cut)])
      },
  ),
)

function overwrite(at: number, put: Uint8Array): Change {
  return (bytes) => {
    const copy = Uint8Array.from(bytes)
    const from = at % bytes.length
    copy.set(put.subarray(0, bytes.length - from), from)
    return copy
  }
}

/** The facts, or null when the file was refused; any other throw is a failure. */
function inspected(bytes: Uint8Array) {
  try {
    return inspectModule(bytes, { source: 'x.bin' })
  } catch (thrown) {
    if (thrown instanceof Refusal) return null
    throw thrown
  }
}

describe('whatever happens to a module file', () => {
  it('it is refused when a byte of it changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }), (sample, changes) => {
        const bytes = changes.reduce((sum, each) => each(sum), sample)
        if (Buffer.compare(bytes, sample) !== 0) expect(inspected(bytes)).toBeNull()
        else expect(inspected(bytes)).not.toBeNull()
      }),
      { numRuns: 3000 },
    )
  })

  it('it is refused or lies within its place, when hash and CRC were made to fit the change', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }), (sample, changes) => {
        const bytes = changes.reduce((sum, each) => each(sum), sample)
        const facts = inspected(bytes.length < 64 ? bytes : seal(bytes))
        if (facts === null || facts.module.platform === 'any' || facts.module.isCompressed) return
        const { module } = facts
        const bounds = boundsOf(facts.module.platform, module)
        expect(bounds).not.toBeNull()
        expect(module.startAddress).toBeGreaterThanOrEqual(bounds?.address ?? Number.NaN)
        if (bounds?.alternate === null || bounds === null || module.isCombined) return
        const range = { alternate: bounds.alternate, address: module.startAddress, sizeBytes: module.sizeBytes }
        const written = module.dropsHeader ? { ...range, sizeBytes: range.sizeBytes - 24 } : range
        expect(protectedRangeIn(facts.module.platform, written)).toBeNull()
      }),
      { numRuns: 3000 },
    )
  })

  it('noise is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(inspected(bytes)).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })
})
