import { describe, expect, it } from 'vitest'
import { deviceOsOfSystem, systemVersionOf } from '../../../src/main/station/platforms/device-os-versions.ts'
import {
  boundsOf,
  forbiddenReason,
  platformOf,
  protectedRangeIn,
} from '../../../src/main/station/platforms/platforms.ts'
import { platformNames } from '../../../src/shared/model/platform.ts'

describe('the platform table', () => {
  it('serves one platform of each chip family in this version', () => {
    const served = platformNames.map(platformOf).filter((platform) => platform.isServed)
    expect(served.map((platform) => `${platform.name} ${platform.mcu}`)).toEqual([
      'photon stm32f2',
      'boron nrf52840',
      'p2 rtl872x',
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
