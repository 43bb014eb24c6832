import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFlashChip } from '../../src/main/sim/flash-chip.ts'
import { layouts } from '../../src/main/sim/layouts.ts'

const layout = {
  base: 0x1000,
  sectors: [
    { count: 2, sizeBytes: 4096 },
    { count: 1, sizeBytes: 16384 },
  ],
}
const sizeBytes = 24_576

describe('a flash chip', () => {
  it('behaves like a plain array of NOR flash under any operations', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('erase' as const), at: fc.nat(sizeBytes - 1) }),
      fc.record({
        kind: fc.constant('program' as const),
        at: fc.nat(sizeBytes - 1),
        data: fc.uint8Array({ minLength: 1, maxLength: 9000 }),
      }),
      fc.record({ kind: fc.constant('share' as const) }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const model = new Uint8Array(sizeBytes).fill(0xff)
        const chip = createFlashChip(layout)
        for (const step of operations) {
          if (step.kind === 'share') chip.image()
          else if (step.kind === 'erase') {
            chip.eraseSector(layout.base + step.at)
            const sector = chip.sectorAt(layout.base + step.at)
            model.fill(0xff, sector.address - layout.base, sector.address - layout.base + sector.sizeBytes)
          } else {
            const data = step.data.subarray(0, sizeBytes - step.at)
            chip.program(layout.base + step.at, data)
            for (const [n, byte] of data.entries()) model[step.at + n] = (model[step.at + n] ?? 0) & byte
          }
        }
        expect(Buffer.compare(chip.read(layout.base, sizeBytes), model)).toBe(0)
        expect(chip.isBlank(layout.base, sizeBytes)).toBe(model.every((byte) => byte === 0xff))
      }),
      { numRuns: 60 },
    )
  })

  it('shares the pages of an image until one of its chips writes', () => {
    const first = createFlashChip(layout)
    first.program(0x1000, new Uint8Array(8192))
    const second = createFlashChip(layout, first.image())
    expect([first.ownedBytes(), second.ownedBytes()]).toEqual([0, 0])
    second.eraseSector(0x1000)
    first.program(0x2000, Uint8Array.of(0))
    expect(first.read(0x1000, 1)).toEqual(Uint8Array.of(0))
    expect(second.isBlank(0x1000, 4096)).toBe(true)
    expect([first.ownedBytes(), second.ownedBytes()]).toEqual([4096, 0])
  })

  it('leaves half a sector when the power fails during an erase', () => {
    const chip = createFlashChip(layout)
    chip.program(0x3000, new Uint8Array(16384))
    chip.interruptErase(0x3000)
    expect(chip.isBlank(0x3000, 8192)).toBe(true)
    expect(chip.read(0x5000, 1)).toEqual(Uint8Array.of(0))
  })

  it('has no memory for what is blank, even on an 8 MB chip', () => {
    const chip = createFlashChip(layouts.p2.internal)
    chip.program(0x08060000, new Uint8Array(100_000).fill(0xff))
    expect(chip.ownedBytes()).toBe(0)
    expect(chip.sizeBytes).toBe(8 * 1024 * 1024)
    expect(() => chip.read(0x08800000 - 1, 2)).toThrow(/INTERNAL/)
  })
})
