import { describe, expect, it } from 'vitest'
import type { BoardChips } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import { factoryChips, factsOf, put } from './bench-board.ts'

const platforms = ['photon', 'boron', 'p2'] as const
const demo = new Map(demoFirmware().map((file) => [file.path, file.bytes]))

function demoFile(path: string): Uint8Array {
  const bytes = demo.get(path)
  if (!bytes) throw new Error(`no ${path}`)
  return bytes
}

/** Clears one bit that is set, as a write without erase would. */
function damage(chips: BoardChips, address: number): void {
  const bytes = chips.internal.read(address, 64)
  const offset = bytes.findIndex((byte) => byte !== 0)
  const byte = bytes[offset] ?? 0
  chips.internal.program(address + offset, Uint8Array.of(byte & (byte - 1)))
}

const systemAt = { photon: 0x08020000, boron: 0x30000, p2: 0x08060000 }
const userAt = { photon: 0x080a0000, boron: 0xd4000, p2: 0x085f4000 }
const bootloaderAt = { photon: 0x08000000, boron: 0xf4000, p2: 0x08004000 }

describe.each(platforms)('a %s that is reset', (platform) => {
  const facts = factsOf(platform)

  it('starts normally as it comes from the factory', () => {
    expect(boot(facts, factoryChips(platform))).toEqual({ mode: 'normal', resetsAgain: false, durationMs: 1500 })
  })

  it('stays in DFU mode when a bit of its system part is wrong', () => {
    const chips = factoryChips(platform)
    damage(chips, systemAt[platform] + 100_000)
    expect(boot(facts, chips).mode).toBe('dfu')
  })

  it('stays in DFU mode when its system part was erased', () => {
    const chips = factoryChips(platform)
    chips.internal.eraseSector(systemAt[platform])
    expect(boot(facts, chips).mode).toBe('dfu')
  })

  it('starts in safe mode when its user part is damaged or absent', () => {
    const damaged = factoryChips(platform)
    damage(damaged, userAt[platform] + 0x600)
    const erased = factoryChips(platform)
    erased.internal.eraseSector(userAt[platform])
    expect([boot(facts, damaged).mode, boot(facts, erased).mode]).toEqual(['safe', 'safe'])
  })

  it('starts in safe mode when its user part needs a newer system', () => {
    const chips = factoryChips(platform)
    const needed = { kind: 'system', index: 1, version: 9000 } as const
    const user = buildModule({
      platform,
      kind: 'user',
      index: 1,
      version: 9,
      sizeBytes: 49_152,
      dependencies: [needed],
    })
    put(chips.internal, userAt[platform], user)
    expect(boot(facts, chips).mode).toBe('safe')
  })

  it('starts in safe mode on wish', () => {
    expect(boot(facts, factoryChips(platform), { safeMode: true }).mode).toBe('safe')
  })

  it('is dead when its bootloader was overwritten', () => {
    const chips = factoryChips(platform)
    chips.internal.program(bootloaderAt[platform] + 0x210, new Uint8Array(64))
    expect(boot(facts, chips)).toMatchObject({ isBricked: true })
  })
})

describe('a system part that needs a newer bootloader', () => {
  it('starts in safe mode until the bootloader has come', () => {
    const chips = factoryChips('boron')
    put(chips.internal, 0x30000, demoFile('boron/4.0.2/system-part1.bin'))
    expect(boot(factsOf('boron'), chips).mode).toBe('safe')
    put(chips.internal, 0xf4000, demoFile('boron/4.0.2/bootloader.bin'))
    expect(boot(factsOf('boron'), chips).mode).toBe('normal')
  })
})

describe('a missing SoftDevice', () => {
  it('leaves the dependency of the system part unmet', () => {
    const chips = factoryChips('boron')
    chips.internal.eraseSector(0x3000)
    expect(boot(factsOf('boron'), chips).mode).toBe('safe')
  })
})
