import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import type { JobRequest } from '../../../src/main/station/jobs/job.ts'
import { planFlash } from '../../../src/main/station/jobs/plan-flash.ts'
import { followProgress } from '../../../src/main/station/jobs/progress.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { JobProgress } from '../../../src/shared/model/slot.ts'
import { boardWith, releases, setOf, targetOf } from './samples.ts'

function planOf(platform: 'photon' | 'boron' | 'p2') {
  const board = boardWith(platform, setOf(platform, releases[platform].old))
  return planFlash({
    board,
    target: targetOf(platform, setOf(platform, releases[platform].target)),
    recipe: { ...plainFlash, verify: 'read-back' },
    isSimulated: false,
  })
}

function follow(platform: 'photon' | 'boron' | 'p2') {
  const clock = createVirtualClock()
  const told: JobProgress[] = []
  const plan = planOf(platform)
  const request: Pick<JobRequest, 'clock' | 'tell'> = {
    clock,
    tell: (event) => {
      if (event.kind === 'progressed') told.push(event.progress)
    },
  }
  return { clock, told, plan, progress: followProgress(plan, request) }
}

describe('progress', () => {
  it('never falls and never passes the whole, whatever the steps say of themselves', () => {
    const shares = fc.array(fc.double({ min: -1, max: 3, noNaN: true }), { maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom('photon', 'boron', 'p2'), fc.array(shares, { maxLength: 14 }), (platform, steps) => {
        const { told, plan, progress } = follow(platform)
        for (const [position, each] of steps.slice(0, plan.steps.length).entries()) {
          const at = progress.begin(position)
          for (const share of each) at(share)
        }
        const fractions = told.map(({ fraction }) => fraction)
        expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
        expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
      }),
    )
  })

  it('names the step that runs, and reaches the end with the last one', () => {
    const { told, plan, progress } = follow('boron')
    for (const position of plan.steps.keys()) progress.begin(position)(1)
    expect(told.at(0)).toMatchObject({ step: 1, steps: plan.steps.length, stepName: 'Update bootloader', fraction: 0 })
    expect(told.at(-1)).toMatchObject({ step: plan.steps.length, stepName: 'Prove all modules' })
    expect(told.at(-1)?.fraction).toBeCloseTo(1)
  })

  it('begins with the estimate, and follows the clock the more it has seen', async () => {
    const { clock, told, plan, progress } = follow('photon')
    progress.begin(0)
    const estimateMs = told.at(-1)?.remainingMs ?? 0
    expect(estimateMs).toBeGreaterThan(5_000)
    // A board that is twice as slow as estimated: the time left ends at what the pace says.
    let elapsedMs = 0
    for (const position of plan.steps.keys()) {
      progress.begin(position)
      const { fraction = 0, remainingMs = 0 } = told.at(-1) ?? {}
      await clock.sleep(2 * estimateMs * fraction - elapsedMs)
      elapsedMs = 2 * estimateMs * fraction
      progress.begin(position)
      const slowMs = told.at(-1)?.remainingMs ?? 0
      expect(slowMs).toBeGreaterThanOrEqual(remainingMs ?? 0)
      expect(slowMs).toBeLessThanOrEqual(2 * estimateMs * (1 - fraction) + 1)
    }
  })
})
