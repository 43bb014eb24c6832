import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planFlash } from '../../../src/main/station/jobs/plan-flash.ts'
import { asFault } from '../../../src/shared/fault/fault.ts'
import { unreadable } from '../../../src/shared/model/identity.ts'
import { type FirmwareModule, sameModule } from '../../../src/shared/model/module.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { Plan, PlanStep } from '../../../src/shared/model/plan.ts'
import { boardWith, releases, setOf, targetOf } from './samples.ts'

/** The test's own table: what no host may touch over DFU. */
const untouchable = {
  photon: [[0x0800_0000, 0x0802_0000]],
  boron: [
    [0, 0x1000],
    [0x2_7000, 0x2_8000],
    [0xf_4000, 0x10_0000],
  ],
  p2: [[0x0800_0000, 0x0806_0000]],
} as const

const memory = { photon: [0x0800_0000, 0x10_0000], boron: [0, 0x10_0000], p2: [0x0800_0000, 0x80_0000] } as const

const request = fc.constantFrom('photon', 'boron', 'p2').chain((platform) => {
  const set = setOf(platform, releases[platform].target)
  const [base, size] = memory[platform]
  const version = fc.integer({ min: 1, max: 6500 })
  /** As it should be, of another version, or at any address: a plan must survive what an importer let through. */
  const changed = (module: FirmwareModule): fc.Arbitrary<FirmwareModule> =>
    fc
      .record({ other: version, at: fc.integer({ min: 0, max: size }), fate: fc.integer({ min: 0, max: 9 }) })
      .map((draw) => {
        if (draw.fate === 0) return { ...module, startAddress: base + draw.at }
        return draw.fate < 4 ? { ...module, version: draw.other } : module
      })
  const modules = fc.subarray([...set], { minLength: 1 }).chain((some) => fc.tuple(...some.map(changed)))
  return fc.record({
    platform: fc.constant(platform),
    modules,
    present: fc.tuple(...set.map(changed)),
    mode: fc.constantFrom('normal', 'normal', 'dfu'),
    verify: fc.constantFrom('read-back', 'reported'),
  })
})

function planned(each: typeof request extends fc.Arbitrary<infer T> ? T : never): Plan | null {
  const { platform, modules, present, mode, verify } = each
  const silent = mode === 'dfu' ? ({ mode, modules: unreadable<never>('board is in DFU mode') } as const) : {}
  try {
    return planFlash({
      board: boardWith(platform, present, silent),
      target: targetOf(platform, modules),
      recipe: { ...plainFlash, verify },
      isSimulated: false,
    })
  } catch (thrown) {
    expect(['PLAN_REFUSED', 'DFU_ADDRESS_FORBIDDEN']).toContain(asFault(thrown).code)
    return null
  }
}

const positions = (steps: readonly PlanStep[], fits: (step: PlanStep) => boolean) =>
  steps.flatMap((step, at) => (fits(step) ? [at] : []))

it('no plan writes or clears what the host must protect', () => {
  fc.assert(
    fc.property(request, (each) => {
      for (const step of planned(each)?.steps ?? []) {
        if (step.kind !== 'write' && step.kind !== 'clear') continue
        const end = step.range.address + step.range.sizeBytes
        for (const [from, to] of untouchable[each.platform]) {
          expect(step.range.address >= to || end <= from, `${step.kind} at ${step.range.address}`).toBe(true)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

it('under read-back every write is followed at once by its verify, over the same bytes', () => {
  fc.assert(
    fc.property(request, (each) => {
      const steps = planned({ ...each, verify: 'read-back' })?.steps ?? []
      for (const at of positions(steps, ({ kind }) => kind === 'write')) {
        const [write, verify] = [steps[at], steps[at + 1]]
        if (write?.kind !== 'write' || verify?.kind !== 'verify') return expect.unreachable()
        expect(verify).toEqual({
          kind: 'verify',
          module: write.module,
          range: write.range,
          offsetBytes: write.offsetBytes,
          place: 'main',
        })
      }
    }),
  )
})

it('each target has exactly one step that brings it, one reason why not, or must be there; and prove is last', () => {
  fc.assert(
    fc.property(request, (each) => {
      const plan = planned(each)
      if (!plan) return
      for (const target of plan.targets) {
        const brought = plan.steps.filter(
          (step) =>
            (step.kind === 'write' || step.kind === 'update' || step.kind === 'stage') &&
            sameModule(step.module, target),
        )
        const skipped = plan.skipped.filter(({ module }) => sameModule(module, target))
        // A bootloader that has no way onto the board must be there: a strict reading says so before anything is written.
        const mustBeThere = (step: PlanStep) =>
          step.kind === 'verify' && !step.mayDiffer && sameModule(step.module, target)
        const isHeld = brought.length + skipped.length === 0 && plan.steps.some(mustBeThere)
        expect(brought.length + skipped.length).toBe(isHeld ? 0 : 1)
      }
      expect(positions(plan.steps, ({ kind }) => kind === 'prove')).toEqual([plan.steps.length - 1])
    }),
  )
})

it('everything over DFU stands between the way in and the way out, user firmware after the system', () => {
  fc.assert(
    fc.property(request, (each) => {
      const steps = planned(each)?.steps
      if (!steps) return
      const inside = positions(steps, ({ kind }) => kind === 'write' || kind === 'verify' || kind === 'clear')
      const [enter = -1] = positions(steps, ({ kind }) => kind === 'enter-dfu')
      const [leave = -1] = positions(steps, ({ kind }) => kind === 'leave-dfu')
      for (const at of inside) expect(at > enter && at < leave).toBe(true)
      for (const at of positions(steps, ({ kind }) => kind === 'update')) expect(at < enter || at > leave).toBe(true)
      if (each.mode === 'dfu') expect([enter, leave >= 0]).toEqual([-1, true])
      const writes = steps.flatMap((step) => (step.kind === 'write' ? [step.module] : []))
      const user = writes.findIndex(({ kind }) => kind === 'user')
      const lastSystem = writes.findLastIndex(({ kind }) => kind === 'system')
      if (user >= 0) expect(user).toBeGreaterThan(lastSystem)
    }),
  )
})
