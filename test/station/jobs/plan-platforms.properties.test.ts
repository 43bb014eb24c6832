// What holds of every plan, for any board of any platform, any set and any wish.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asFault } from '../../../src/shared/fault/fault.ts'
import { known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import type { FirmwareModule } from '../../../src/shared/model/module.ts'
import type { MemoryRange, Plan, PlanStep } from '../../../src/shared/model/plan.ts'
import { type PlatformName, platformNames } from '../../../src/shared/model/platform.ts'
import { assetOf, electronSet, ncpOf, nrfSet, planOf, rtlSet, userOf } from './platform-samples.ts'
import { boardWith, reported, setOf } from './samples.ts'

/** The test's own table of chips. */
const gen2 = ['photon', 'p1', 'electron'] as const
const rtl = ['p2', 'msom', 'trackerm', 'sulu'] as const
const withNcp = ['argon', 'asom', 'tracker'] as const

const isIn = (names: readonly PlatformName[], name: PlatformName) => names.includes(name)
const chipOf = (name: PlatformName) => (isIn(gen2, name) ? 'gen2' : isIn(rtl, name) ? 'rtl' : 'nrf')

/** What no host may touch over DFU, and where each alternate setting ends. */
const untouchable = {
  gen2: [[0x0800_0000, 0x0802_0000]],
  nrf: [
    [0, 0x1000],
    [0x2_7000, 0x2_8000],
    [0xf_4000, 0x10_0000],
  ],
  rtl: [[0x0800_0000, 0x0806_0000]],
} as const

const version = fc.constantFrom(207, 501, 1102, 1213, 1511, 1512, 2011, 3103, 4006, 5500, 5600, 6305)
const bootVersion = fc.constantFrom(11, 501, 1003, 1101, 2400, 3100)
const ncpVersion = fc.constantFrom(4, 5, 6, 7, 8)

/** A whole set, or less of it. */
function setFor(platform: PlatformName): fc.Arbitrary<readonly FirmwareModule[]> {
  return fc
    .record({ system: version, bootloader: bootVersion, ncp: ncpVersion, large: fc.boolean(), long: fc.boolean() })
    .chain(({ ncp, large, long, ...versions }) => {
      const whole = wholeSet(platform, { ...versions, user: userOf(platform, large ? 2 : 1, long ? 100_000 : 20_000) })
      const all = isIn(withNcp, platform) ? [...whole, ncpOf(platform, ncp)] : whole
      return fc.oneof(fc.constant(all), fc.subarray([...all], { minLength: 1 }))
    })
}

interface Draw {
  readonly system: number
  readonly bootloader: number
  readonly user: FirmwareModule
}

function wholeSet(platform: PlatformName, { user, ...versions }: Draw): readonly FirmwareModule[] {
  if (platform === 'electron') return electronSet(versions)
  if (chipOf(platform) === 'gen2') return setOf('photon', versions).map((module) => ({ ...module, platform }))
  return chipOf(platform) === 'rtl' ? rtlSet(platform, versions) : nrfSet(platform, versions, [user])
}

interface Case {
  readonly board: ParticleIdentity
  readonly modules: readonly FirmwareModule[]
  readonly plan: Plan | null
  readonly force: boolean
}

const anyCase: fc.Arbitrary<Case> = fc.constantFrom(...platformNames).chain((platform) =>
  fc
    .record({
      modules: setFor(platform),
      present: setFor(platform),
      tellsHashes: fc.boolean(),
      mode: fc.constantFrom('normal', 'normal', 'dfu'),
      verify: fc.constantFrom('read-back', 'reported'),
      force: fc.boolean(),
      factoryImage: fc.constantFrom('keep', 'user'),
      setup: fc.constantFrom('keep', 'done', 'not-done'),
      assets: fc.subarray([assetOf('a'), assetOf('b')]),
    })
    .map(({ modules, present, tellsHashes, mode, ...wishes }) => {
      const told = present.map((module) => reported(module, { suffixSha256: tellsHashes ? module.suffixSha256 : null }))
      const silent = unreadable<never>('board is in DFU mode')
      const board = boardWith(platform, [], { mode, modules: mode === 'dfu' ? silent : known(told) })
      return { board, modules, plan: planned(board, modules, wishes), force: wishes.force }
    }),
)

function planned(...request: Parameters<typeof planOf>): Plan | null {
  try {
    return planOf(...request)
  } catch (thrown) {
    expect(asFault(thrown).code).toBe('PLAN_REFUSED')
    return null
  }
}

function holdsAlways(check: (each: Case & { readonly plan: Plan }) => void): void {
  let plans = 0
  fc.assert(
    fc.property(anyCase, ({ plan, ...each }) => {
      if (!plan) return
      plans += 1
      check({ ...each, plan })
    }),
    { numRuns: 1200 },
  )
  // A property of plans that are never made would hold of anything.
  expect(plans).toBeGreaterThan(200)
}

const changes = ({ steps }: Plan): readonly MemoryRange[] =>
  steps.flatMap((step) => (step.kind === 'write' || step.kind === 'clear' || step.kind === 'stage' ? [step.range] : []))

const endOf = ({ address, sizeBytes }: MemoryRange) => address + sizeBytes

it('trap 5, 6: nothing protected is ever written, cleared or staged over', () => {
  holdsAlways(({ board, plan }) => {
    for (const range of changes(plan).filter(({ alternate }) => alternate === 0)) {
      for (const [from, to] of untouchable[chipOf(board.platform)]) {
        expect(range.address >= to || endOf(range) <= from).toBe(true)
      }
    }
  })
})

it('trap 8: an OTA area is written on Gen 2 alone', () => {
  holdsAlways(({ board, plan }) => {
    const staged = plan.steps.filter(({ kind }) => kind === 'stage')
    if (chipOf(board.platform) !== 'gen2') expect(staged).toEqual([])
    expect(staged.length).toBeLessThanOrEqual(1)
  })
})

it('trap 12: what is written beyond the program flash is the factory image, at its address', () => {
  holdsAlways(({ board, plan }) => {
    for (const { alternate, address } of changes(plan)) {
      if (alternate === 0) continue
      expect(chipOf(board.platform)).toBe('nrf')
      expect([alternate, plan.factory?.range.address]).toEqual([2, address])
      expect([0x8020_0000, 0x8060_0000]).toContain(address)
    }
  })
})

it('trap 10: a network processor is never brought down, nor sent without asking to a board that cannot say what it has', () => {
  holdsAlways(({ board, plan }) => {
    for (const step of plan.steps) {
      if (step.kind !== 'update' || step.module.kind !== 'ncp') continue
      const present = board.modules.known ? board.modules.value.find(({ kind }) => kind === 'ncp') : undefined
      if (present) expect(present.version).toBeLessThanOrEqual(step.module.version)
      else if (board.mode === 'dfu') expect(step.onlyIfOlder).toBe(true)
    }
  })
})

it('no two things are written over each other', () => {
  holdsAlways(({ plan }) => {
    const ranges = changes(plan)
    for (const [at, a] of ranges.entries()) {
      for (const b of ranges.slice(at + 1)) {
        const isApart = a.alternate !== b.alternate || endOf(a) <= b.address || endOf(b) <= a.address
        expect(isApart).toBe(true)
      }
    }
  })
})

it('requests stand outside DFU mode and memory inside it; assets come behind all, and prove is last', () => {
  const inside = ({ kind }: PlanStep) => kind === 'write' || kind === 'verify' || kind === 'clear' || kind === 'stage'
  holdsAlways(({ board, plan: { steps } }) => {
    const enter = steps.findIndex(({ kind }) => kind === 'enter-dfu')
    const leave = steps.findIndex(({ kind }) => kind === 'leave-dfu')
    for (const [at, step] of steps.entries()) {
      const isInDfu = inside(step) || (step.kind === 'set-up' && step.way === 'dfu')
      if (isInDfu) expect(at > enter && at < leave && (enter >= 0 || board.mode === 'dfu')).toBe(true)
      else if (step.kind === 'update') expect((at < enter && enter >= 0) || at > leave).toBe(true)
      else if (step.kind === 'asset')
        expect(steps.slice(at).every(({ kind }) => kind === 'asset' || kind === 'prove')).toBe(true)
    }
    expect(steps.filter(({ kind }) => kind === 'prove')).toHaveLength(1)
    expect(steps.at(-1)?.kind).toBe('prove')
  })
})

it('force leaves nothing alone but what a board must not be given', () => {
  holdsAlways(({ plan, force }) => {
    if (!force) return
    for (const step of plan.steps) {
      if (step.kind === 'write') expect(step.mayHold).toBe(false)
      if (step.kind === 'update' || step.kind === 'stage') expect(step.onlyIfDifferent).toBeUndefined()
    }
    expect(plan.skipped.filter(({ module }) => module.kind !== 'ncp')).toEqual([])
  })
})
