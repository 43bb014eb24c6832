import { describe, expect, it } from 'vitest'
import { deviceOsOfSystem, systemVersionOf } from '../../../src/main/station/platforms/device-os-versions.ts'
import type { Platform } from '../../../src/main/station/platforms/platform-facts.ts'
import {
  boundsOf,
  factoryImageOf,
  forbiddenReason,
  platformOf,
  protectedRangeIn,
} from '../../../src/main/station/platforms/platforms.ts'
import type { ModuleKind } from '../../../src/shared/model/module.ts'
import { type PlatformName, platformNames } from '../../../src/shared/model/platform.ts'

const MiB = 1024 * 1024

describe('the platform table', () => {
  it('has a row for every platform of the reference, by id and chip', () => {
    const rows = platformNames.map(platformOf).map(({ id, name, mcu }) => `${id} ${name} ${mcu}`)
    expect(rows).toEqual([
      '6 photon stm32f2',
      '8 p1 stm32f2',
      '10 electron stm32f2',
      '12 argon nrf52840',
      '13 boron nrf52840',
      '14 xenon nrf52840',
      '15 esomx nrf52840',
      '22 asom nrf52840',
      '23 bsom nrf52840',
      '24 xsom nrf52840',
      '25 b5som nrf52840',
      '26 tracker nrf52840',
      '28 trackerm rtl872x',
      '32 p2 rtl872x',
      '35 msom rtl872x',
      '37 electron2 nrf52840',
      '38 sulu rtl872x',
    ])
  })

  it('knows the radios: who has an ICCID, and whose network processor takes firmware of its own', () => {
    const named = (has: (platform: Platform) => boolean) =>
      platformNames.filter((name) => has(platformOf(name))).join(' ')
    expect(named(({ isCellular }) => isCellular)).toBe(
      'electron boron esomx bsom b5som tracker trackerm msom electron2 sulu',
    )
    expect(named(({ modules }) => modules.some(({ kind }) => kind === 'ncp'))).toBe('argon asom tracker')
  })

  it('has the three system parts of the Electron, and the 128 KB user slot alone where Device OS ended before 3.1.0', () => {
    const starts = (name: PlatformName, kind: ModuleKind) =>
      platformOf(name).modules.flatMap((row) => (row.kind === kind ? [`${row.index} ${row.starts.join()}`] : []))
    expect(starts('electron', 'system')).toEqual([`1 ${0x0802_0000}`, `2 ${0x0804_0000}`, `3 ${0x0806_0000}`])
    const small = platformNames.filter(
      (name) => platformOf(name).mcu === 'nrf52840' && starts(name, 'user').length === 1,
    )
    expect(small).toEqual(['xenon', 'asom', 'xsom'])
    for (const name of small) expect(starts(name, 'user')).toEqual([`1 ${0xd_4000}`])
  })

  it.each([
    ['photon', 0, 0x080e_0000],
    ['p1', 0, 0x080e_0000],
    ['electron', 0, 0x080a_0000],
    ['argon', 2, 0x8020_0000],
    ['xenon', 2, 0x8020_0000],
    ['bsom', 2, 0x8020_0000],
    ['esomx', 2, 0x8060_0000],
    ['b5som', 2, 0x8060_0000],
    ['tracker', 2, 0x8060_0000],
  ] as const)('keeps the factory image of %s on alternate %i at %i', (name, alternate, address) => {
    expect(factoryImageOf(name, null)).toMatchObject({ alternate, address })
    expect(factoryImageOf(name, 8 * MiB)).toMatchObject({ alternate, address })
  })

  it('leaves the place open on an Electron 2 until its memory string is read, and knows none on RTL', () => {
    expect(factoryImageOf('electron2', null)).toBeNull()
    expect(factoryImageOf('electron2', 4 * MiB)?.address).toBe(0x8020_0000)
    expect(factoryImageOf('electron2', 8 * MiB)?.address).toBe(0x8060_0000)
    for (const name of ['p2', 'msom', 'trackerm', 'sulu'] as const) expect(factoryImageOf(name, null)).toBeNull()
  })

  it.each(platformNames)('never lets the factory image of %s touch a module or a protected range', (name) => {
    const { factoryImages, modules } = platformOf(name)
    for (const { alternate, address, sizeBytes } of factoryImages) {
      expect(protectedRangeIn(name, { alternate, address, sizeBytes })).toBeNull()
      const met = modules.filter(
        (row) => row.alternate === alternate && address < row.limit && address + sizeBytes > row.address,
      )
      expect(met).toEqual([])
    }
  })

  it('knows the set-up byte of nRF boards alone', () => {
    const withByte = platformNames.filter((name) => platformOf(name).setupDone !== null)
    expect(withByte).toEqual(platformNames.filter((name) => platformOf(name).mcu === 'nrf52840'))
    expect(platformOf('tracker').setupDone).toMatchObject({ alternate: 1, address: 0x1fc6, belowSystemVersion: 4000 })
  })

  it('knows the longest asset: by the external flash of nRF, 1152 KiB on RTL, none on Gen 2 and older releases', () => {
    const limits = platformNames.map((name) => `${name} ${(platformOf(name).maxAssetBytes ?? 0) / 1024}`)
    expect(limits).toEqual([
      ...['photon 0', 'p1 0', 'electron 0', 'argon 592', 'boron 592', 'xenon 0', 'esomx 1536', 'asom 0', 'bsom 592'],
      ...['xsom 0', 'b5som 1536', 'tracker 1536', 'trackerm 1152', 'p2 1152', 'msom 1152', 'electron2 592'],
      'sulu 1152',
    ])
  })

  it('decides by chip: the Tracker M is an RTL device', () => {
    expect(platformOf('trackerm').mcu).toBe('rtl872x')
  })

  it.each(platformNames)('keeps every DFU-written module of %s off the protected ranges', (name) => {
    for (const row of platformOf(name).modules) {
      if (row.alternate === null) continue
      const whole = { alternate: row.alternate, address: row.address, sizeBytes: row.limit - row.address }
      expect(protectedRangeIn(name, whole)).toBeNull()
    }
  })

  it.each(platformNames)('protects every bootloader of %s', (name) => {
    for (const row of platformOf(name).modules.filter((module) => module.kind === 'bootloader')) {
      expect(row.alternate).toBeNull()
      expect(protectedRangeIn(name, { alternate: 0, address: row.address, sizeBytes: 1 })).not.toBeNull()
      expect(protectedRangeIn(name, { alternate: 0, address: row.limit - 1, sizeBytes: 1 })).not.toBeNull()
    }
  })

  it('knows that a range is touched by its ends alone', () => {
    const at = (address: number, sizeBytes: number) => protectedRangeIn('boron', { alternate: 0, address, sizeBytes })
    expect(at(0xf_3000, 0x1000)).toBeNull()
    expect(at(0xf_3000, 0x1001)?.what).toBe('bootloader')
    expect(at(0x0, 0x1000)).not.toBeNull()
    expect(at(0x1000, 0x1000)).toBeNull()
    expect(protectedRangeIn('boron', { alternate: 2, address: 0x0, sizeBytes: 1 })).toBeNull()
  })

  it('gives the system part of nRF less room from Device OS 3.1.0 on', () => {
    const limit = (version: number) => boundsOf('boron', { kind: 'system', index: 1, version })?.limit
    expect([limit(1502), limit(3102), limit(3103), limit(6305)]).toEqual([0xd_4000, 0xd_4000, 0xb_4000, 0xb_4000])
  })

  it('refuses the P2 boot record and Gen 2 monolithic firmware by name', () => {
    expect(forbiddenReason('p2', { kind: 'bootloader', index: 1 })).toMatch(/bricks the board/)
    expect(forbiddenReason('photon', { kind: 'mono', index: 0 })).toMatch(/never flashed/)
    expect(forbiddenReason('p2', { kind: 'bootloader', index: 2 })).toBeNull()
  })
})

describe('Device OS releases', () => {
  it.each([
    ['0.4.9', 11],
    ['2.3.1', 2302],
    ['4.0.2', 4006],
    ['5.6.0', 5600],
    ['6.3.4', 6305],
  ])('%s is system module version %i', (release, version) => {
    expect(deviceOsOfSystem(version)).toBe(release)
    expect(systemVersionOf(release)).toBe(version)
  })

  it('has no name for a number that the table does not know', () => {
    expect(deviceOsOfSystem(4242)).toBeNull()
    expect(systemVersionOf('42.0.0')).toBeNull()
  })
})
