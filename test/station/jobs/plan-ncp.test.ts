// The network processor of Argon, A SoM and Tracker: by request, never down, and only while a Device OS takes it.
import { describe, expect, it } from 'vitest'
import { estimateMs } from '../../../src/main/station/jobs/estimate.ts'
import { known } from '../../../src/shared/model/identity.ts'
import { linesOf, namesOf, ncpOf, nrfSet, planOf } from './platform-samples.ts'
import { boardWith, inDfuMode, reported } from './samples.ts'

const argon = (system: number, bootloader = 1101) => nrfSet('argon', { system, bootloader })
const tracker = (system: number, bootloader = 1101) => nrfSet('tracker', { system, bootloader })

describe('a network processor', () => {
  it.each(['argon', 'asom'] as const)(
    'of an older %s is updated by request, after the bootloader and before DFU',
    (name) => {
      const old = nrfSet(name, { system: 1404, bootloader: 300 })
      const board = boardWith(name, [...old, ncpOf(name, 4)])
      const plan = planOf(board, [...nrfSet(name, { system: 1512, bootloader: 501 }), ncpOf(name, 5)])
      expect(linesOf(plan).slice(0, 3)).toEqual([
        'Update bootloader: version 501, 48212 bytes by control request',
        'Update ncp: version 5, 864464 bytes by control request',
        'Enter DFU',
      ])
      expect(namesOf(plan)).not.toContain('Verify ncp')
    },
  )

  it('is given half a minute in the time left: it takes its firmware over a serial line', () => {
    const plan = planOf(boardWith('argon', [...argon(2011), ncpOf('argon', 4)]), [...argon(4006), ncpOf('argon', 5)])
    const step = plan.steps.find((each) => each.kind === 'update' && each.module.kind === 'ncp')
    const estimate = step ? estimateMs(plan, step) : 0
    expect(estimate).toBeGreaterThan(20_000)
    expect(estimate).toBeLessThan(60_000)
  })

  it('is skipped when its version is there, hash or not', () => {
    const plan = planOf(boardWith('argon', [...argon(2011), ncpOf('argon', 5)]), [...argon(4006), ncpOf('argon', 5)])
    expect(linesOf(plan)).toContain('Leave ncp: the board already has ncp version 5')
    expect(namesOf(plan).join()).not.toContain('Update ncp')
    expect(plan.targets.map(({ kind }) => kind)).toContain('ncp')
  })

  it('is sent again when the recipe forces it, and when the board calls it broken', () => {
    const modules = [...argon(4006), ncpOf('argon', 5)]
    const board = boardWith('argon', modules)
    expect(namesOf(planOf(board, modules, { force: true }))).toContain('Update ncp')
    const broken = modules.map((module) => reported(module, module.kind === 'ncp' ? { integrity: 'failed' } : {}))
    expect(namesOf(planOf(boardWith('argon', [], { modules: known(broken) }), modules))).toContain('Update ncp')
  })

  it('is never brought down, not even by force: it is no target any more, and the plan says why', () => {
    const board = boardWith('argon', [...argon(2011), ncpOf('argon', 6)])
    const plan = planOf(board, [...argon(4006), ncpOf('argon', 5)], { force: true })
    expect(linesOf(plan)).toContain(
      'Leave ncp: the board has version 6, newer than 5: a network processor is never brought down',
    )
    expect(plan.targets.map(({ kind }) => kind)).not.toContain('ncp')
  })

  it('of a board found in DFU is asked for when Device OS runs, and sent only if it is older', () => {
    const lines = linesOf(planOf(inDfuMode('argon'), [...argon(4006), ncpOf('argon', 5)]))
    expect(lines.at(-2)).toBe('Update ncp: version 5, 864464 bytes by control request, if the board has an older one')
  })
})

describe('trap 10: Tracker with Device OS 5.6.0 and later refuses its network processor', () => {
  it('so it is sent while an earlier one runs, before DFU', () => {
    const plan = planOf(boardWith('tracker', [...tracker(4006, 1101), ncpOf('tracker', 5)]), [
      ...tracker(6305, 3100),
      ncpOf('tracker', 7),
    ])
    const names = namesOf(plan)
    expect(names.indexOf('Update ncp')).toBeGreaterThanOrEqual(0)
    expect(names.indexOf('Update ncp')).toBeLessThan(names.indexOf('Enter DFU'))
  })

  it('so the way from 2.x to 6.x is refused, with the stop between in words', () => {
    const board = boardWith('tracker', [...tracker(2302, 1006), ncpOf('tracker', 5)])
    const jump = () => planOf(board, [...tracker(6305, 3100), ncpOf('tracker', 7)])
    expect(jump).toThrow(
      /^PLAN_REFUSED: ncp 7 cannot .* Device OS 6\.3\.4 takes none: flash Device OS 3\.0\.0 to 5\.5\.x together/,
    )
  })

  it('so a board that runs 5.6.0 or later with an old one is refused too, unless the recipe goes below', () => {
    const board = boardWith('tracker', [...tracker(5600, 2400), ncpOf('tracker', 5)])
    expect(() => planOf(board, [...tracker(6305, 3100), ncpOf('tracker', 7)])).toThrow(/PLAN_REFUSED: ncp 7/)
    const down = namesOf(planOf(board, [...tracker(4006, 1101), ncpOf('tracker', 7)]))
    expect(down.indexOf('Update ncp')).toBeGreaterThan(down.indexOf('Start Device OS'))
  })

  it('so nothing is wrong where version 7 is there already, forced or not', () => {
    const modules = [...tracker(6305, 3100), ncpOf('tracker', 7)]
    expect(namesOf(planOf(boardWith('tracker', modules), modules)).join()).not.toContain('Update ncp')
    const forced = planOf(boardWith('tracker', modules), modules, { force: true })
    expect(linesOf(forced)).toContain('Leave ncp: the board already has ncp version 7, and Device OS 6.3.4 takes none')
  })

  it('so of a board in DFU mode it is only seen to', () => {
    const plan = planOf(inDfuMode('tracker'), [...tracker(6305, 3100), ncpOf('tracker', 7)])
    const step = plan.steps.find((each) => each.kind === 'update' && each.module.kind === 'ncp')
    expect(step).toMatchObject({ onlyIfOlder: true, cannotSend: expect.stringContaining('takes none') })
  })
})
