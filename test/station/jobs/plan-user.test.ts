// The user part in its slots, and the copy that a factory reset restores.
import { describe, expect, it } from 'vitest'
import { known } from '../../../src/shared/model/identity.ts'
import type { FirmwareModule, ReportedModule } from '../../../src/shared/model/module.ts'
import { electronSet, linesOf, namesOf, nrfSet, planOf, rtlSet, userOf } from './platform-samples.ts'
import { boardWith, inDfuMode, moduleFile, reported, setOf } from './samples.ts'

const modern = { system: 4006, bootloader: 1101 }
const boron = (users: readonly FirmwareModule[] = []) => nrfSet('boron', modern, [...users])
const clears = (lines: readonly string[]) => lines.filter((line) => line.startsWith('Clear'))

describe('trap 9: the old 128 KiB user slot hides the 256 KiB one', () => {
  it('so its first page is cleared right before an application that does not reach it', () => {
    const names = namesOf(planOf(boardWith('boron', boron([userOf('boron', 1)])), boron([userOf('boron', 2)])))
    expect(names[names.indexOf('Clear other user slot') + 1]).toBe('Write user 2')
    const lines = linesOf(planOf(inDfuMode('boron'), boron([userOf('boron', 2)])))
    expect(clears(lines)).toEqual(['Clear other user slot: memory 0, 0x000d4000..0x000d5000, 4096 bytes'])
  })

  it('and a longer application is written over it', () => {
    const lines = linesOf(planOf(inDfuMode('boron'), boron([userOf('boron', 2, 200_000)])))
    expect(clears(lines)).toEqual([])
    expect(lines.join()).toContain('Write user 2: memory 0, 0x000b4000..0x000e4d40, 200000 bytes')
  })

  it('so an application that moves back into it takes the other with it, which would stay behind', () => {
    const lines = linesOf(planOf(boardWith('boron', boron([userOf('boron', 2)])), boron([userOf('boron', 1)])))
    expect(clears(lines)).toEqual(['Clear other user slot: memory 0, 0x000b4000..0x000b5000, 4096 bytes'])
  })

  it('but below Device OS 3.1.0 the system part may lie there: nothing is cleared', () => {
    const old = nrfSet('boron', { system: 2302, bootloader: 1006 })
    expect(clears(linesOf(planOf(inDfuMode('boron'), old)))).toEqual([])
    expect(clears(linesOf(planOf(inDfuMode('boron'), [userOf('boron', 1)])))).toEqual([])
  })

  it.each(['xenon', 'asom'] as const)('and a %s never had the other slot', (platform) => {
    const set = nrfSet(platform, { system: 1512, bootloader: 501 })
    expect(clears(linesOf(planOf(inDfuMode(platform), set)))).toEqual([])
  })

  it('so one that a board reports with its hash is not left alone beside another: both may be listed, and one runs', () => {
    const set = boron([userOf('boron', 2)])
    const listed = [...set, userOf('boron', 1)].map((module) => reported(module, { suffixSha256: module.suffixSha256 }))
    const on = (modules: readonly ReportedModule[]) => boardWith('boron', [], { modules: known(modules) })
    const beside = linesOf(planOf(on(listed), set, { verify: 'reported' }))
    expect(clears(beside)).toHaveLength(1)
    expect(clears(linesOf(planOf(on(listed.slice(0, -1)), set, { verify: 'reported' })))).toEqual([])
  })

  it('so two applications in one recipe are refused', () => {
    const both = boron([userOf('boron', 1), userOf('boron', 2)])
    expect(() => planOf(inDfuMode('boron'), both)).toThrow(/PLAN_REFUSED: two applications/)
  })

  it('so an application that is kept must be found by the Device OS at the end', () => {
    const board = boardWith('boron', boron([userOf('boron', 2)]))
    const down = nrfSet('boron', { system: 2302, bootloader: 1006 }, [])
    expect(() => planOf(board, down)).toThrow(/PLAN_REFUSED: .*does not know the 256 KiB slot/)
    expect(() => planOf(boardWith('boron', boron([userOf('boron', 1)])), down)).not.toThrow()
  })

  it('so a system part that reaches into the application is refused', () => {
    const large = moduleFile({
      ...{ platform: 'boron', kind: 'system', index: 1, version: 3005, startAddress: 0x3_0000, sizeBytes: 0x9_0000 },
    })
    const user = { ...userOf('boron', 2), dependencies: [] }
    expect(() => planOf(inDfuMode('boron'), [large, user])).toThrow(/PLAN_REFUSED: "Write system 1" and "Write user 2"/)
  })
})

it('an RTL application ends at the end of its place, wherever it starts', () => {
  const sizeBytes = 49_100
  const user = moduleFile({
    ...{ platform: 'msom', kind: 'user', index: 1, version: 6, startAddress: 0x0860_0000 - sizeBytes, sizeBytes },
  })
  expect(linesOf(planOf(inDfuMode('msom'), [user])).join()).toContain('0x085f4034..0x08600000, 49100 bytes')
  const high = { ...user, startAddress: user.startAddress + 4, endAddress: user.endAddress + 4 }
  expect(() => planOf(inDfuMode('msom'), [high])).toThrow(/ADDRESS_RANGE/)
})

describe('the factory reset image', () => {
  const factory = { factoryImage: 'user' } as const
  const imageLines = (lines: readonly string[]) => lines.filter((line) => line.includes('factory image'))

  it.each([
    ['photon', setOf('photon', { system: 2302, bootloader: 1006 }), 'memory 0, 0x080e0000..0x080e14cc, 5324 bytes'],
    ['electron', electronSet({ system: 2302, bootloader: 1006 }), 'memory 0, 0x080a0000..0x080a1690, 5776 bytes'],
  ] as const)('of a %s lies in the program flash', (platform, modules, where) => {
    const lines = imageLines(linesOf(planOf(inDfuMode(platform), modules, factory)))
    expect(lines).toEqual([`Write factory image: ${where}, where it differs`, `Verify factory image: ${where}`])
  })

  it.each([
    ['boron', '0x80200000'],
    ['argon', '0x80200000'],
    ['b5som', '0x80600000'],
    ['tracker', '0x80600000'],
    ['esomx', '0x80600000'],
  ] as const)(
    'trap 12: of a %s it lies in the external flash, whose addresses start at 0x80000000',
    (name, address) => {
      const lines = imageLines(linesOf(planOf(inDfuMode(name), nrfSet(name, modern), factory)))
      expect(lines[0]).toContain(`memory 2, ${address}..`)
    },
  )

  it('comes last of all that is written, and is read back whatever the recipe trusts', () => {
    const names = namesOf(planOf(inDfuMode('boron'), boron([userOf('boron', 2)]), { ...factory, verify: 'reported' }))
    const last = ['Write user 2', 'Write factory image', 'Verify factory image', 'Start Device OS']
    expect(names.filter((name) => last.includes(name))).toEqual(last)
  })

  it('is an entry of its own in the record, beside the user part', () => {
    const plan = planOf(inDfuMode('boron'), boron([userOf('boron', 2)]), factory)
    expect(plan.factory).toMatchObject({ module: { kind: 'user', index: 2 }, range: { alternate: 2 } })
  })

  it('is refused where there is no such place, no user firmware, or too little room', () => {
    const p2 = rtlSet('p2', { system: 5600, bootloader: 2400 })
    expect(() => planOf(inDfuMode('p2'), p2, factory)).toThrow(
      /PLAN_REFUSED: the Photon 2 \/ P2 has no factory reset image/,
    )
    expect(() => planOf(inDfuMode('boron'), boron(), factory)).toThrow(
      /PLAN_REFUSED: the recipe keeps the user firmware/,
    )
  })
})
