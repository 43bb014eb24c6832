// How bootloaders get onto boards of every family: by request before or after DFU, staged, or not at all.
import { describe, expect, it } from 'vitest'
import type { PlatformName } from '../../../src/shared/model/platform.ts'
import { electronSet, linesOf, namesOf, nrfSet, planOf, rtlSet } from './platform-samples.ts'
import { boardWith, inDfuMode, partOf, setOf } from './samples.ts'

const photon = (system: number, bootloader: number) => setOf('photon', { system, bootloader })

describe('the bootloader of a Gen 2 board', () => {
  it('goes by request before DFU on the way up, where Device OS 2.0.0 or later runs', () => {
    const plan = planOf(boardWith('photon', photon(2011, 1005)), photon(2302, 1006))
    expect(namesOf(plan).slice(0, 3)).toEqual(['Update bootloader', 'Enter DFU', 'Verify bootloader'])
  })

  it('is staged for a Device OS below 2.0.0, before its system parts: the DCT is not touched after they are written', () => {
    const plan = planOf(boardWith('photon', photon(2302, 1006)), photon(1512, 1003))
    expect(linesOf(plan)).toEqual([
      'Enter DFU',
      'Stage bootloader: memory 0, 0x080c0000..0x080c3b14, 15124 bytes, flag in memory 1 at 1753',
      'Write system 1: memory 0, 0x08020000..0x0805af58, 241496 bytes',
      'Verify system 1: memory 0, 0x08020000..0x0805af58, 241496 bytes',
      'Write system 2: memory 0, 0x08060000..0x0809fb78, 260984 bytes',
      'Verify system 2: memory 0, 0x08060000..0x0809fb78, 260984 bytes',
      'Write user 1: memory 0, 0x080a0000..0x080a14cc, 5324 bytes, where it differs',
      'Verify user 1: memory 0, 0x080a0000..0x080a14cc, 5324 bytes',
      'Start Device OS',
      'Prove all modules',
    ])
  })

  it('is staged on an Electron likewise, and only if the board in DFU mode holds another', () => {
    const lines = linesOf(planOf(inDfuMode('electron'), electronSet({ system: 1512, bootloader: 1003 })))
    expect(lines.slice(0, 3)).toEqual([
      'Verify bootloader: memory 0, 0x08000000..0x08003d38, 15672 bytes, to see whether it differs',
      'Stage bootloader: memory 0, 0x080c0000..0x080c3d38, 15672 bytes, flag in memory 1 at 1753, if it differs',
      'Write system 1: memory 0, 0x08020000..0x0803adb0, 110000 bytes, where it differs',
    ])
  })

  it('is not staged where the board says it has it, hash or not', () => {
    const board = boardWith('photon', photon(1512, 1003))
    expect(namesOf(planOf(board, photon(1512, 1003), { verify: 'reported' }))).not.toContain('Stage bootloader')
  })

  it('has no way onto a board that ends with a Device OS below 1.2.1: refused, with the way out', () => {
    const down = () => planOf(boardWith('photon', photon(2302, 1006)), photon(1102, 1003))
    expect(down).toThrow(
      /^PLAN_REFUSED: bootloader 1003 has no way onto a board that ends with Device OS 1\.1\.0.*1\.2\.1/,
    )
  })

  it('must be there already then, and is read before anything is written', () => {
    const names = namesOf(planOf(inDfuMode('photon'), photon(1102, 1003)))
    expect(names.slice(0, 2)).toEqual(['Verify bootloader', 'Write system 1'])
    expect(names).not.toContain('Stage bootloader')
    expect(linesOf(planOf(inDfuMode('photon'), photon(1102, 1003)))[0]).not.toContain('to see whether')
  })

  it('cannot be brought to one below 0.7.0, nor can such a board be proven: refused', () => {
    for (const system of [207, 110, 17]) {
      const down = () => planOf(boardWith('photon', photon(2302, 1006)), photon(system, 11))
      expect(down).toThrow(/^PLAN_REFUSED: Device OS .* answers no request over USB.*0\.9\.0 or later/)
    }
  })
})

describe('trap 8: the OTA area, which moved between releases', () => {
  it.each([
    ['boron', nrfSet('boron', { system: 1512, bootloader: 501 })],
    ['tracker', nrfSet('tracker', { system: 3005, bootloader: 1001 })],
    ['p2', rtlSet('p2', { system: 5301, bootloader: 2100 })],
  ] as const)('is never written on a %s, up or down, dead or alive', (platform: PlatformName, modules) => {
    const boards = [inDfuMode(platform), boardWith(platform, modules), boardWith(platform, [])]
    for (const board of boards) expect(namesOf(planOf(board, modules)).join()).not.toContain('Stage')
  })
})

describe('the two bootloaders of RTL boards, of which a Tracker M is one (trap 7)', () => {
  it.each(['p2', 'msom', 'trackerm', 'sulu'] as const)('of a %s: prebootloader before bootloader', (platform) => {
    const board = boardWith(platform, rtlSet(platform, { system: 5002, bootloader: 2000, prebootloader: 6 }))
    const names = namesOf(planOf(board, rtlSet(platform, { system: 5600, bootloader: 2400 })))
    expect(names.slice(0, 3)).toEqual(['Update bootloader 2', 'Update bootloader', 'Enter DFU'])
  })

  it('of which one is an upgrade and one a downgrade both come late, so that no late prebootloader meets an early bootloader', () => {
    const mixed = rtlSet('p2', { system: 5002, bootloader: 2000, prebootloader: 9 })
    const names = namesOf(planOf(boardWith('p2', mixed), rtlSet('p2', { system: 5600, bootloader: 2400 })))
    expect(names.slice(-3)).toEqual(['Update bootloader 2', 'Update bootloader', 'Prove all modules'])
  })

  it('trap 5: the third, made for one board alone, is refused by name', () => {
    const [some] = rtlSet('p2', { system: 5600, bootloader: 2400 })
    if (!some) return expect.unreachable()
    const mbr = { ...some, kind: 'bootloader', index: 1 } as const
    expect(() => planOf(boardWith('p2', []), [mbr])).toThrow(/FORBIDDEN_MODULE/)
  })
})

describe('trap 4: dependencies that go round in a circle', () => {
  it('order nothing: the three parts of an Electron are written by address, and the plan ends', () => {
    const old = electronSet({ system: 2011, bootloader: 1005 })
    const names = namesOf(planOf(boardWith('electron', old), electronSet({ system: 2302, bootloader: 1006 })))
    expect(names.filter((name) => name.startsWith('Write'))).toEqual([
      'Write system 1',
      'Write system 2',
      'Write system 3',
      'Write user 1',
    ])
  })

  it('are a check of what the board ends with: one part alone is refused', () => {
    const up = electronSet({ system: 2302, bootloader: 1006 })
    const board = boardWith('electron', electronSet({ system: 2011, bootloader: 1005 }))
    expect(() => planOf(board, [partOf(up, 'system', 1)])).toThrow(/PLAN_REFUSED: system 1 2302 .* wants system 3/)
  })

  it('trap 1: parts go where their headers say, whatever the files are called', () => {
    const plan = planOf(inDfuMode('electron'), electronSet({ system: 2302, bootloader: 1006 }))
    const places = plan.steps.flatMap((step) =>
      step.kind === 'write' && step.module.kind === 'system' ? [[step.module.index, step.range.address]] : [],
    )
    expect(places).toEqual([
      [1, 0x0802_0000],
      [2, 0x0804_0000],
      [3, 0x0806_0000],
    ])
  })
})
