// The plan of a job on a DFU device: its steps for every kind of device, where pieces go, and what is refused before
// anything moves.
import { describe, expect, it } from 'vitest'
import { deviceStepName } from '../../../src/main/station/device-jobs/device-step-name.ts'
import { type PlanWish, planDevice } from '../../../src/main/station/device-jobs/plan-device.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import type { DevicePlan } from '../../../src/shared/model/device-plan.ts'
import {
  flashMap,
  imageWith,
  inLoaderMode,
  inProgramMode,
  memoriesOf,
  plainLoader,
  planWish,
  stLoader,
  stMaps,
  targetWith,
} from './device-samples.ts'

const kinds = (plan: DevicePlan) => plan.steps.map(({ kind }) => kind)

function refusal(wish: PlanWish): Fault {
  try {
    planDevice(wish)
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('it was planned')
}

function refusedDetail(wish: PlanWish): string {
  const fault = refusal(wish)
  expect(fault.code).toBe('PLAN_REFUSED')
  return fault.detail
}

const st = (target: PlanWish['target'], change: Partial<typeof stLoader> = {}) =>
  planWish({ target, facts: inLoaderMode({ ...stLoader, ...change }) })
const at = (address: number, sizeBytes = 4096) => imageWith([{ address, sizeBytes }], { format: 'hex' })

describe('the plan of a flash', () => {
  it('of a tolerant plain device in DFU mode writes, compares in place, leaves and proves', () => {
    expect(kinds(planDevice(planWish()))).toEqual(['write', 'verify', 'leave-dfu', 'prove'])
  })

  it('enters DFU mode first when the program runs, and says that its loader has the last word', () => {
    const plan = planDevice(planWish({ facts: inProgramMode(plainLoader) }))
    expect(kinds(plan)).toEqual(['enter-dfu', 'write', 'verify', 'leave-dfu', 'prove'])
    expect(plan.notes.join()).toContain('settled when its loader has told its memories')
  })

  it('of a plain device that does not tolerate its manifestation enters DFU mode again to read back', () => {
    const facts = inLoaderMode({ ...plainLoader, isManifestationTolerant: false })
    expect(kinds(planDevice(planWish({ facts })))).toEqual(['write', 'enter-dfu', 'verify', 'leave-dfu', 'prove'])
    const reported = targetWith({ verify: 'reported' })
    expect(kinds(planDevice(planWish({ facts, target: reported })))).toEqual(['write', 'leave-dfu', 'prove'])
    const stay = targetWith({ verify: 'reported', afterwards: 'stay' })
    expect(kinds(planDevice(planWish({ facts, target: stay })))).toEqual(['write', 'enter-dfu', 'prove'])
  })

  it('of a DfuSe device erases all and removes the protection only when the recipe says so', () => {
    const image = at(0x0800_0000)
    expect(kinds(planDevice(st(targetWith({}, image))))).toEqual(['write', 'verify', 'leave-dfu', 'prove'])
    const all = targetWith({ erase: 'all', readProtection: 'remove' }, image)
    expect(kinds(planDevice(st(all)))).toEqual(['unprotect', 'mass-erase', 'write', 'verify', 'leave-dfu', 'prove'])
  })

  it('writes option bytes last, when all else is proven, and erases none of them with the rest', () => {
    const image = imageWith(
      [
        { alternate: 1, address: 0x1fff_c000, sizeBytes: 16 },
        { alternate: 0, address: 0x0800_0000 },
      ],
      { format: 'dfuse' },
    )
    const plan = planDevice(st(targetWith({ allow: ['option-bytes'], erase: 'all' }, image)))
    expect(plan.steps.map(deviceStepName)).toEqual([
      'Erase memory 0',
      'Write Internal Flash at 0x08000000',
      'Verify Internal Flash at 0x08000000',
      'Write Option Bytes at 0x1fffc000',
      'Verify Option Bytes at 0x1fffc000',
      'Start its program',
      'Prove the firmware',
    ])
  })

  it('does not leave where the recipe says stay', () => {
    expect(kinds(planDevice(planWish({ target: targetWith({ afterwards: 'stay' }) })))).toEqual([
      'write',
      'verify',
      'prove',
    ])
  })

  it('names each step and place for the operator', () => {
    const plan = planDevice(st(targetWith({}, at(0x0800_0000))))
    expect(plan.steps.map(deviceStepName)).toEqual([
      'Write Internal Flash at 0x08000000',
      'Verify Internal Flash at 0x08000000',
      'Start its program',
      'Prove the firmware',
    ])
  })

  it('takes the version to report from the recipe, else from a cabinet where it reads as bcdDevice', () => {
    const revision = (version: string | null, stated: string | null) =>
      planDevice(planWish({ target: targetWith({ version }, imageWith([{}], { version: stated })) })).revision
    expect(revision('1.02', '2.0')).toBe(0x0102)
    expect(revision('0x01a2', null)).toBe(0x01a2)
    expect(revision(null, '1.2')).toBe(0x0102)
    expect(revision(null, '1.20')).toBe(0x0120)
    expect(revision(null, '1.2.3')).toBeNull()
    expect(revision(null, null)).toBeNull()
  })
})

describe('the plan of a job that writes nothing', () => {
  it('examines each piece, lets the program run again, and judges', () => {
    const image = imageWith([{ address: 0x0800_0000 }, { address: 0x0800_4000 }], { format: 'dfuse' })
    const plan = planDevice({ ...st(targetWith({}, image)), job: 'verify' })
    expect(kinds(plan)).toEqual(['examine', 'examine', 'leave-dfu', 'judge'])
    expect(kinds(planDevice({ ...planWish({ facts: inProgramMode(plainLoader) }), job: 'verify' }))).toEqual([
      'enter-dfu',
      'examine',
      'leave-dfu',
      'judge',
    ])
  })

  it('asks for the version alone where the recipe is content with that', () => {
    const target = targetWith({ verify: 'reported', version: '1.02' })
    expect(kinds(planDevice(planWish({ job: 'verify', target, facts: inProgramMode(plainLoader) })))).toEqual(['judge'])
    expect(kinds(planDevice(planWish({ job: 'verify', target })))).toEqual(['leave-dfu', 'judge'])
    const nothing = targetWith({ verify: 'reported' })
    expect(refusedDetail(planWish({ job: 'verify', target: nothing }))).toContain('nothing can be compared')
  })

  it('only asks for an identification, whatever the recipe lacks', () => {
    const target = { ...targetWith({}, null), fault: { code: 'FIRMWARE_MISSING', detail: 'x' } } as const
    expect(kinds(planDevice(planWish({ job: 'identify', target })))).toEqual(['identify'])
  })
})

describe('where a piece goes', () => {
  const twoFlashes = { memories: memoriesOf([flashMap, '@SPI Flash /0x90000000/16*064Kg', ...stMaps.slice(1)]) }
  const memoryOf = (wish: PlanWish) => planDevice(wish).pieces.map(({ alternate, memory }) => [alternate, memory])

  it('is the only memory for firmware', () => {
    expect(memoryOf(st(targetWith({}, at(0x0800_0000))))).toEqual([[0, 'Internal Flash']])
  })

  it('is what the recipe says, by number or by the start of the name', () => {
    const raw = imageWith([{}])
    const place = { address: 0x9000_0000 }
    expect(memoryOf(st(targetWith({ ...place, memory: 1 }, raw), twoFlashes))).toEqual([[1, 'SPI Flash']])
    expect(memoryOf(st(targetWith({ ...place, memory: 'spi' }, raw), twoFlashes))).toEqual([[1, 'SPI Flash']])
    expect(memoryOf(st(targetWith({ ...place, memory: '@SPI' }, raw), twoFlashes))).toEqual([[1, 'SPI Flash']])
  })

  it('is what the file says', () => {
    const image = imageWith([{ alternate: 1, address: 0x9000_0000 }], { format: 'dfuse' })
    expect(memoryOf(st(targetWith({}, image), twoFlashes))).toEqual([[1, 'SPI Flash']])
    expect(refusedDetail(st(targetWith({ memory: 0 }, image), twoFlashes))).toContain('the recipe says 0')
    const none = imageWith([{ alternate: 7, address: 0x9000_0000 }], { format: 'dfuse' })
    expect(refusedDetail(st(targetWith({}, none), twoFlashes))).toContain('the file is for memory 7')
  })

  it('is the one of several that has the address', () => {
    expect(memoryOf(st(targetWith({}, at(0x9000_0000)), twoFlashes))).toEqual([[1, 'SPI Flash']])
  })

  it('is refused with the list of memories where nobody can know', () => {
    const facts = inLoaderMode({ ...plainLoader, memories: memoriesOf(['Program', 'Settings']) })
    expect(refusedDetail(planWish({ facts }))).toMatch(/which memory.*0 Program, 1 Settings/)
    const target = targetWith({ memory: 'Pro' })
    expect(planDevice(planWish({ facts, target })).pieces[0]?.alternate).toBe(0)
    expect(refusedDetail(planWish({ facts, target: targetWith({ memory: 'Nix' }) }))).toMatch(/fits none.*1 Settings/)
  })
})

describe('a plan is refused before anything moves', () => {
  it('for option bytes, one-time memory and feature registers, unless the recipe allows and names them', () => {
    const option = targetWith({ address: 0x1fff_c000, memory: 'Option' }, imageWith([{ sizeBytes: 16 }]))
    expect(refusedDetail(st(option))).toMatch(/Option Bytes.*allow "option-bytes"/)
    const allowed = { ...option, wish: { ...option.wish, allow: ['option-bytes' as const] } }
    expect(planDevice(st(allowed)).pieces[0]?.alternate).toBe(1)
    const otp = targetWith({ address: 0x1fff_7800, memory: 2, allow: ['option-bytes'] }, imageWith([{ sizeBytes: 16 }]))
    expect(refusedDetail(st(otp))).toContain('allow "otp"')
    const feature = targetWith(
      { address: 0xffff_0000, memory: 3, allow: ['option-bytes', 'otp'] },
      imageWith([{ sizeBytes: 4 }]),
    )
    expect(refusedDetail(st(feature))).toContain('no recipe may write it')
  })

  it('for option bytes that only their address tells', () => {
    const memories = memoriesOf(['@Everything /0x1FFFC000/01*016 e'])
    const target = targetWith({}, at(0x1fff_c000, 16))
    expect(refusedDetail(st(target, { memories }))).toContain('allow "option-bytes"')
    const allowed = targetWith({ allow: ['option-bytes'] }, at(0x1fff_c000, 16))
    expect(planDevice(st(allowed, { memories })).pieces).toHaveLength(1)
  })

  it('for addresses outside the map, amid a sector, and over each other', () => {
    expect(refusedDetail(st(targetWith({}, at(0x0900_0000))))).toContain('outside the memory')
    expect(refusedDetail(st(targetWith({}, at(0x080f_f000, 8192))))).toContain('outside the memory')
    expect(refusedDetail(st(targetWith({}, at(0x0800_1000))))).toMatch(/amid the sector 0x08000000..0x08004000/)
    const over = imageWith([{ address: 0x0800_0000 }, { address: 0x0800_0800 }], { format: 'hex' })
    expect(refusedDetail(st(targetWith({}, over)))).toContain('lie over each other')
  })

  it('not for a piece amid a sector that another piece begins, nor where all is erased by wish', () => {
    const both = imageWith([{ address: 0x0800_0000, sizeBytes: 400 }, { address: 0x0800_0200 }], { format: 'hex' })
    expect(planDevice(st(targetWith({}, both))).pieces).toHaveLength(2)
    expect(planDevice(st(targetWith({ erase: 'all' }, at(0x0800_1000)))).pieces).toHaveLength(1)
    const verify = planDevice({ ...st(targetWith({}, at(0x0800_1000))), job: 'verify' })
    expect(verify.pieces).toHaveLength(1)
  })

  it('for memory that cannot be written, or not read where that is the proof', () => {
    const fixed = { memories: memoriesOf(['@Rom /0x08000000/04*016Ka', '@Flash /0x09000000/04*016Kg']) }
    expect(refusedDetail(st(targetWith({ memory: 0 }, at(0x0800_0000)), fixed))).toContain('cannot be written')
    const blind = { memories: memoriesOf(['@Flash /0x08000000/04*016Kf']) }
    expect(refusedDetail(st(targetWith({}, at(0x0800_0000)), blind))).toContain('set verify to "reported"')
    expect(planDevice(st(targetWith({ verify: 'reported' }, at(0x0800_0000)), blind)).pieces).toHaveLength(1)
  })

  it('for a device that cannot be read back, unless the recipe is content with its report', () => {
    const facts = inLoaderMode({ ...plainLoader, canUpload: false })
    expect(refusedDetail(planWish({ facts }))).toContain('set verify to "reported"')
    const plan = planDevice(planWish({ facts, target: targetWith({ verify: 'reported' }) }))
    expect(kinds(plan)).toEqual(['write', 'leave-dfu', 'prove'])
    expect(plan.notes.join()).toContain('nothing is read back')
  })

  it('for a device that takes no download', () => {
    expect(refusedDetail(planWish({ facts: inLoaderMode({ ...plainLoader, canDownload: false }) }))).toContain(
      'takes no download',
    )
  })

  it('for commands of DfuSe and addresses on a plain device', () => {
    expect(refusedDetail(planWish({ target: targetWith({ erase: 'all' }) }))).toContain('erase "all"')
    expect(refusedDetail(planWish({ target: targetWith({ readProtection: 'remove' }) }))).toContain('readProtection')
    expect(refusedDetail(planWish({ target: targetWith({ address: 0 }) }))).toContain('the recipe names one')
    expect(refusedDetail(planWish({ target: targetWith({}, at(0)) }))).toContain('takes no addresses')
  })

  it('for a file without an address on a DfuSe device, and for two addresses', () => {
    expect(refusedDetail(st(targetWith()))).toContain('must say "address"')
    expect(refusedDetail(st(targetWith({ address: 0x0800_4000 }, at(0x0800_0000))))).toContain('addresses of its own')
    expect(planDevice(st(targetWith({ address: 0x0800_4000 }))).pieces[0]?.address).toBe(0x0800_4000)
  })

  it('for a DfuSe memory without a map', () => {
    const memories = memoriesOf(['Flash'])
    expect(refusedDetail(st(targetWith({}, at(0x0800_0000)), { memories }))).toContain('has no memory map')
  })

  it('for a file for another device, with both identities', () => {
    const image = imageWith([{}], { vendorId: 0x1209, productId: 0x00aa, format: 'dfu', source: 'other.dfu' })
    const detail = refusedDetail(planWish({ target: targetWith({}, image) }))
    expect(detail).toContain('1209:00aa')
    expect(detail).toContain('1209:0002')
  })

  it('for a version that nobody would report', () => {
    const target = targetWith({ afterwards: 'stay', version: '1.02' })
    expect(refusedDetail(planWish({ target }))).toContain('afterwards "stay"')
  })

  it('with the fault of the recipe where the image cannot be had, and for none at all', () => {
    const missing = { ...targetWith({}, null), fault: { code: 'FIRMWARE_MISSING', detail: 'not there' } } as const
    expect(refusal(planWish({ target: missing })).code).toBe('FIRMWARE_MISSING')
    expect(refusal(planWish({ target: targetWith({}, null) })).code).toBe('RECIPE_INVALID')
    expect(refusedDetail(planWish({ target: targetWith({}, imageWith([])) }))).toContain('nothing to write')
  })
})
