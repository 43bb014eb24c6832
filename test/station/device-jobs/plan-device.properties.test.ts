// The planner under every recipe, image and loader that can be made up: a plan that is safe and whole, or a refusal in
// words; never anything else. fast-check prints the seed of a failure.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceFacts, LoaderFacts } from '../../../src/main/station/device-jobs/device-facts.ts'
import { type PlanWish, planDevice } from '../../../src/main/station/device-jobs/plan-device.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import type { DevicePlan } from '../../../src/shared/model/device-plan.ts'
import type { DfuRecipeDevice } from '../../../src/shared/model/recipe.ts'
import { imageWith, memoriesOf, planWish, stMaps, targetWith } from './device-samples.ts'

const names = fc.oneof(
  fc.constantFrom(...stMaps, '@SPI /0x90000000/8*064Kg', '@Rom /0x00000000/4*016Ka', '@Write Only /0x20000000/4*1Kf'),
  fc.constantFrom('Program', 'Settings', 'Option Bytes', null),
)
const loaders: fc.Arbitrary<LoaderFacts> = fc.record({
  protocol: fc.constantFrom('dfu', 'dfuse'),
  canUpload: fc.boolean(),
  canDownload: fc.boolean(),
  isManifestationTolerant: fc.boolean(),
  memories: fc.array(names, { maxLength: 5 }).map(memoriesOf),
})
const facts: fc.Arbitrary<DeviceFacts> = fc.oneof(
  loaders.map((loader): DeviceFacts => ({ mode: 'dfu', loader, expected: loader })),
  loaders.map((loader): DeviceFacts => ({ mode: 'normal', loader, expected: loader })),
  loaders.map((expected): DeviceFacts => ({ mode: 'normal', loader: null, expected })),
)
const addresses = fc.oneof(
  fc.constantFrom(
    0x0800_0000,
    0x0800_0200,
    0x0800_4000,
    0x0801_0000,
    0x1fff_c000,
    0x1fff_7800,
    0xffff_0000,
    0x9000_0000,
  ),
  fc.integer({ min: 0, max: 0xffff_f000 }),
)
const elements = fc.record({
  alternate: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
  address: fc.option(addresses, { nil: null }),
  sizeBytes: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 300_000 })),
})
const wishes: fc.Arbitrary<Partial<DfuRecipeDevice>> = fc.record(
  {
    address: fc.option(addresses, { nil: null }),
    memory: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('Int', 'opt', 'Program')), {
      nil: null,
    }),
    version: fc.constantFrom(null, '1.02'),
    verify: fc.constantFrom('read-back', 'reported'),
    erase: fc.constantFrom('touched', 'all'),
    readProtection: fc.constantFrom('keep', 'remove'),
    allow: fc.subarray(['option-bytes', 'otp']),
    afterwards: fc.constantFrom('run', 'stay'),
  },
  { requiredKeys: [] },
)
const planWishes: fc.Arbitrary<PlanWish> = fc
  .record({
    facts,
    wish: wishes,
    elements: fc.array(elements, { maxLength: 4 }),
    job: fc.constantFrom('flash', 'verify'),
  })
  .map(({ facts: known, wish, elements: each, job }) =>
    planWish({ facts: known, job: job as 'flash' | 'verify', target: targetWith(wish, imageWith(each)) }),
  )

function planned(wish: PlanWish): DevicePlan | null {
  try {
    return planDevice(wish)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    expect(['PLAN_REFUSED', 'RECIPE_INVALID']).toContain(thrown.code)
    expect(thrown.detail.length).toBeGreaterThan(10)
    return null
  }
}

const runs = { numRuns: 3_000 }

describe('every plan', () => {
  it('is made or refused in words, and is the same when it is made again', () => {
    let made = 0
    fc.assert(
      fc.property(planWishes, (wish) => {
        const plan = planned(wish)
        if (plan) made += 1
        expect(planned(wish)).toEqual(plan)
      }),
      runs,
    )
    expect(made).toBeGreaterThan(100)
  })

  it('proves what it writes, once for each piece, before it leaves; and a verification writes nothing', () => {
    fc.assert(
      fc.property(planWishes, (wish) => {
        const plan = planned(wish)
        if (!plan) return
        const at = (kind: string) => plan.steps.flatMap((step, index) => (step.kind === kind ? [index] : []))
        const pieces = plan.pieces.map(({ position }) => position)
        const positions = (kind: string) =>
          plan.steps.flatMap((step) => (step.kind === kind && 'piece' in step ? [step.piece.position] : []))
        const isReadBack = wish.target.wish.verify === 'read-back'
        const changes = ['write', 'mass-erase', 'unprotect'].flatMap(at)
        if (wish.job === 'verify') {
          expect(changes).toEqual([])
          expect(positions('examine')).toEqual(isReadBack ? pieces : [])
          expect(plan.steps.at(-1)?.kind).toBe('judge')
          return
        }
        expect(positions('write').toSorted()).toEqual(pieces)
        expect(positions('verify')).toEqual(isReadBack ? positions('write') : [])
        expect(plan.steps.at(-1)?.kind).toBe('prove')
        const leave = at('leave-dfu')
        expect(leave).toHaveLength(wish.target.wish.afterwards === 'run' ? 1 : 0)
        for (const each of [...changes, ...at('verify')]) expect(each).toBeLessThan(leave[0] ?? plan.steps.length)
      }),
      runs,
    )
  })

  it('erases all or removes a protection only where the recipe says so, and before anything is written', () => {
    fc.assert(
      fc.property(planWishes, (wish) => {
        const plan = planned(wish)
        if (!plan) return
        const { erase, readProtection } = wish.target.wish
        const kinds = plan.steps.map(({ kind }) => kind)
        if (erase !== 'all') expect(kinds).not.toContain('mass-erase')
        if (readProtection !== 'remove') expect(kinds).not.toContain('unprotect')
        const first = kinds.indexOf('write')
        expect(Math.max(kinds.lastIndexOf('mass-erase'), kinds.lastIndexOf('unprotect'))).toBeLessThan(
          Math.max(first, 1),
        )
      }),
      runs,
    )
  })

  it('touches no option bytes, no one-time memory and no feature register but those that are allowed', () => {
    fc.assert(
      fc.property(planWishes, (wish) => {
        const plan = planned(wish)
        if (!plan || !wish.facts.loader) return
        const { allow } = wish.target.wish
        for (const { memory } of plan.pieces) {
          if (/option/i.test(memory)) expect(allow).toContain('option-bytes')
          if (/otp/i.test(memory)) expect(allow).toContain('otp')
          expect(memory).not.toMatch(/device feature/i)
        }
      }),
      runs,
    )
  })

  it('stays inside the memory map, keeps pieces apart, and erases nothing in front of them unasked', () => {
    fc.assert(
      fc.property(planWishes, (wish) => {
        const plan = planned(wish)
        const { loader } = wish.facts
        if (!plan || !loader) return
        const spans = plan.pieces.map((piece) => ({ ...piece, end: (piece.address ?? 0) + piece.sizeBytes }))
        for (const [at, one] of spans.entries()) {
          for (const other of spans.slice(at + 1)) {
            if (one.alternate !== other.alternate) continue
            expect(one.end <= (other.address ?? 0) || other.end <= (one.address ?? 0)).toBe(true)
          }
        }
        if (loader.protocol === 'dfu') return
        for (const { alternate, address, end } of spans) {
          const map = loader.memories.find((memory) => memory.alternate === alternate)?.map
          if (!map) continue
          const holds = (byte: number) =>
            map.segments.some(
              ({ startAddress, sectorBytes, sectorCount }) =>
                byte >= startAddress && byte < startAddress + sectorBytes * sectorCount,
            )
          expect(holds(address ?? -1) && holds(end - 1)).toBe(true)
        }
      }),
      runs,
    )
  })
})
