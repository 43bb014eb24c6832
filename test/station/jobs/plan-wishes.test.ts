// What a recipe may wish beyond modules: assets, the set-up flag, force; and ways down that are refused.
import { describe, expect, it } from 'vitest'
import { known } from '../../../src/shared/model/identity.ts'
import type { TargetAsset } from '../../../src/shared/model/module.ts'
import { assetOf, electronSet, linesOf, namesOf, nrfSet, planOf, rtlSet, userOf } from './platform-samples.ts'
import { boardWith, inDfuMode, reported, setOf } from './samples.ts'

const p2 = (system: number) => rtlSet('p2', { system, bootloader: 2400 })
const onBoard = ({ name, sha256, sizeBytes }: TargetAsset) => ({ name, sha256, sizeBytes })

describe('the assets of an application', () => {
  const assets = [assetOf('cat.txt'), assetOf('water.txt')]
  const holding = (...held: readonly TargetAsset[]) => known({ available: held.map(onBoard), required: [] })
  const reporting = known(p2(5600).map((module) => reported(module, { suffixSha256: module.suffixSha256 })))

  it('are sent one by one when all else is done, and proven with it', () => {
    const lines = linesOf(planOf(boardWith('p2', p2(5301)), p2(5600), { assets }))
    expect(lines.slice(-3)).toEqual([
      'Send asset cat.txt: 30000 bytes by control request, unless the board holds it',
      'Send asset water.txt: 30000 bytes by control request, unless the board holds it',
      'Prove all modules',
    ])
  })

  it('are left alone that the board lists with their hash', () => {
    const board = boardWith('p2', [], { modules: reporting, assets: holding(assetOf('cat.txt')) })
    const plan = planOf(board, p2(5600), { assets })
    expect(namesOf(plan).filter((name) => name.startsWith('Send'))).toEqual(['Send asset water.txt'])
    expect(linesOf(plan)).toContain('Leave asset 1: the board already holds cat.txt with this hash')
  })

  it('are sent that have this name and another hash, and all of them by force', () => {
    const other = { ...assetOf('cat.txt'), sha256: assetOf('another').sha256 }
    const withOther = boardWith('p2', [], { modules: reporting, assets: holding(other) })
    expect(namesOf(planOf(withOther, p2(5600), { assets }))).toContain('Send asset cat.txt')
    const withAll = boardWith('p2', [], { modules: reporting, assets: holding(...assets) })
    expect(namesOf(planOf(withAll, p2(5600), { assets })).join()).not.toContain('Send')
    expect(namesOf(planOf(withAll, p2(5600), { assets, force: true }))).toContain('Send asset cat.txt')
  })

  it('are asked for again where an update may have overwritten them on the way', () => {
    const board = boardWith('boron', nrfSet('boron', { system: 5600, bootloader: 2300 }), {
      assets: holding(...assets),
    })
    const names = namesOf(planOf(board, nrfSet('boron', { system: 6305, bootloader: 3100 }), { assets }))
    expect(names).toEqual(expect.arrayContaining(['Send asset cat.txt', 'Send asset water.txt']))
  })

  it('need a Device OS that lists them, 5.6.0: below it they are refused, and on a platform that stores none', () => {
    expect(() => planOf(boardWith('p2', p2(5301)), p2(5301), { assets })).toThrow(
      /^PLAN_REFUSED: the application needs assets \(cat\.txt, water\.txt\), Device OS 5\.3\.1 lists none, .*5\.6\.0/,
    )
    // 5.5.x takes them, and drops a bad one without a word.
    expect(() => planOf(boardWith('p2', p2(5301)), p2(5500), { assets })).toThrow(/PLAN_REFUSED: .*5\.6\.0 or later/)
    const photon = setOf('photon', { system: 2302, bootloader: 1006 })
    expect(() => planOf(boardWith('photon', photon), photon, { assets })).toThrow(/the Photon stores none/)
  })
})

describe('the set-up flag', () => {
  const old = nrfSet('boron', { system: 3301, bootloader: 1101 })
  const board = boardWith('boron', nrfSet('boron', { system: 2302, bootloader: 1006 }))

  it('is set over DFU at the end of the pass, on nRF boards below Device OS 4.0.0', () => {
    const lines = linesOf(planOf(board, old, { setup: 'done' }))
    const at = lines.indexOf('Mark as set up: in the device configuration')
    expect(lines[at + 1]).toBe('Start Device OS')
    expect(lines[at - 1]).toContain('Verify user 1')
    expect(namesOf(planOf(board, old, { setup: 'not-done' }))).toContain('Mark as not set up')
  })

  it('is set by request where nothing is written', () => {
    const modules = known(old.map((module) => reported(module, { suffixSha256: module.suffixSha256 })))
    const users = old.filter(({ kind }) => kind === 'user')
    const held = planOf(boardWith('boron', [], { modules }), users, { setup: 'done', verify: 'reported' })
    expect(linesOf(held).slice(0, 2)).toEqual(['Mark as set up: by control request', 'Prove all modules'])
  })

  it.each([
    ['boron', nrfSet('boron', { system: 4006, bootloader: 1101 }), 'Device OS 4.0.2 takes every board for set up'],
    ['p2', p2(5600), 'the Photon 2 / P2 has none'],
    ['photon', setOf('photon', { system: 2302, bootloader: 1006 }), 'the Photon has none'],
  ] as const)('is left alone on a %s, with the reason', (platform, modules, reason) => {
    const plan = planOf(inDfuMode(platform), modules, { setup: 'done' })
    expect(linesOf(plan)).toContain(`Note: set-up flag left alone: ${reason}`)
    expect(namesOf(plan).join()).not.toContain('set up')
  })

  it('is not touched where the recipe keeps it', () => {
    expect(linesOf(planOf(board, old)).join()).not.toContain('set up')
  })
})

describe('a recipe with force', () => {
  it('leaves nothing alone that the board reports to hold, under either policy', () => {
    const modules = known(p2(5600).map((module) => reported(module, { suffixSha256: module.suffixSha256 })))
    const board = boardWith('p2', [], { modules })
    for (const verify of ['reported', 'read-back'] as const) {
      const plan = planOf(board, p2(5600), { verify, force: true })
      expect(plan.skipped).toEqual([])
      expect(namesOf(plan).slice(0, 3)).toEqual(['Update bootloader 2', 'Update bootloader', 'Enter DFU'])
      const writes = plan.steps.filter((step) => step.kind === 'write')
      expect(writes.map(({ mayHold }) => mayHold)).toEqual([false, false])
    }
  })

  it('sends bootloaders to a board in DFU without asking', () => {
    const lines = linesOf(planOf(inDfuMode('p2'), p2(5600), { force: true }))
    expect(lines.join()).not.toContain('if it differs')
    expect(lines.slice(-3).map((line) => line.split(':')[0])).toEqual([
      'Update bootloader 2',
      'Update bootloader',
      'Prove all modules',
    ])
  })
})

describe('a way down is refused', () => {
  it.each(['boron', 'bsom'] as const)(
    'for a %s from 2.0.0 and later to below 1.5.2, whose modem would not answer',
    (name) => {
      const set = (system: number) => nrfSet(name, { system, bootloader: 501 })
      const board = boardWith(name, set(2011))
      expect(() => planOf(board, set(1511))).toThrow(/^PLAN_REFUSED: Device OS 2\.0\.1 set the modem .*1\.5\.2 first/)
      expect(() => planOf(board, set(1512))).not.toThrow()
      expect(() => planOf(boardWith(name, set(1512)), set(1511))).not.toThrow()
    },
  )

  it('of a board in DFU mode cannot be known: the plan says what to mind', () => {
    const low = nrfSet('boron', { system: 1511, bootloader: 501 })
    expect(linesOf(planOf(inDfuMode('boron'), low)).at(-1)).toMatch(
      /^Note: a board that ran Device OS 2\.0\.0 .*by 1\.5\.2/,
    )
    expect(planOf(inDfuMode('argon'), nrfSet('argon', { system: 1511, bootloader: 501 })).notes).toEqual([])
  })

  it('and not for boards with other modems, or none', () => {
    for (const name of ['argon', 'b5som', 'tracker'] as const) {
      const set = (system: number) => nrfSet(name, { system, bootloader: 501 }, [userOf(name, 1)])
      expect(() => planOf(boardWith(name, set(2011)), set(1511))).not.toThrow()
    }
    const electron = (system: number) => electronSet({ system, bootloader: 1003 })
    expect(() => planOf(boardWith('electron', electron(2011)), electron(1511))).not.toThrow()
  })

  it('trap 13: for a board in security mode, in either mode', () => {
    const isProtected = known(true)
    for (const board of [boardWith('p2', p2(5600), { isProtected }), { ...inDfuMode('p2'), isProtected }]) {
      expect(() => planOf(board, p2(5600))).toThrow(/^DEVICE_PROTECTED/)
    }
  })
})
