import { describe, expect, it } from 'vitest'
import { checkModuleFitsBoard } from '../../../src/main/station/firmware/fits-board.ts'
import { parseModule } from '../../../src/main/station/firmware/parse-module.ts'
import type { FirmwareModule } from '../../../src/shared/model/module.ts'
import type { PlatformName } from '../../../src/shared/model/platform.ts'
import { boron, boronUser, buildModule, p2, pack, photon } from './module-builder.ts'

const packed = buildModule({ ...boronUser(''), flags: 0x02, payload: pack(boron.user()) })

describe('a module that is good by itself', () => {
  it.each<[PlatformName, Uint8Array]>([
    ['photon', photon.system2()],
    ['boron', boron.softDevice()],
    ['p2', p2.user()],
  ])('fits a %s it was made for', (platform, bytes) => {
    checkModuleFitsBoard(parseModule(bytes, { source: 'x.bin' }), platform)
  })

  it.each<[PlatformName, string, Uint8Array]>([
    ['photon', 'WRONG_PLATFORM', boron.user()],
    ['p1', 'WRONG_PLATFORM', photon.user()],
    // An unknown SoftDevice of another platform is not the one that all of them share.
    ['argon', 'WRONG_PLATFORM', boron.softDevice()],
    ['boron', 'PACKED_MODULE', packed],
    ['p2', 'LOCKS_BOARD', p2.lockingBootloader()],
    ['p2', 'NEEDS_ASSETS', p2.userWithAsset('cat.txt', 'a cat')],
  ])('is refused on a %s for %s', (platform, reason, bytes) => {
    const module = parseModule(bytes, { source: 'x.bin' })
    expect(() => checkModuleFitsBoard(module, platform)).toThrow(
      expect.objectContaining({ code: 'PLAN_REFUSED', layer: 'plan', reason, file: 'x.bin' }),
    )
  })

  it.each<[string, Partial<FirmwareModule>]>([
    ['starts elsewhere', { startAddress: 0x3_0000, endAddress: 0x3_0000 + 96 }],
    ['ends past its place', { endAddress: 0xf_4000, sizeBytes: 0x2_0004 }],
    ['has another length than its addresses say', { sizeBytes: 5_000 }],
  ])('is refused when what the library says of it %s', (_, change) => {
    const module = { ...parseModule(boron.user(), { source: 'x.bin' }), ...change }
    expect(() => checkModuleFitsBoard(module, 'boron')).toThrow(
      expect.objectContaining({ code: 'PLAN_REFUSED', reason: 'ADDRESS_RANGE' }),
    )
  })
})
