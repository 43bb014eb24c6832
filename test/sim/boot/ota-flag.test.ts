import { describe, expect, it } from 'vitest'
import { availableAssets } from '../../../src/main/sim/assets/board-assets.ts'
import type { BoardChips, SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { findModule } from '../../../src/main/sim/boot/installed-modules.ts'
import { otaAreaOf } from '../../../src/main/sim/boot/ota-area.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { assetModule } from '../assets/asset-files.ts'
import { factoryChips, factsOf, put } from './bench-board.ts'

const flag = 1753

interface Staged {
  readonly chips: BoardChips
  readonly loader: Uint8Array
}

/** The board with another bootloader at `address`, by default where its Device OS looks, and the flag set. */
function staged(platform: SimPlatform, deviceOs: string, address?: number): Staged {
  const chips = factoryChips(platform, deviceOs)
  const loader = buildModule({ platform, kind: 'bootloader', index: 0, version: 9000, sizeBytes: 12_000 })
  stage(platform, chips, { file: loader, ...(address !== undefined && { address }) })
  return { chips, loader }
}

function stage(
  platform: SimPlatform,
  chips: BoardChips,
  { file, address }: { readonly file: Uint8Array; readonly address?: number },
): void {
  const area = otaAreaOf(platform, chips)
  if (!area) throw new Error('no OTA area')
  put(area.chip, address ?? area.address, file)
  chips.dct[flag] = 0xa5
}

const loaderOf = (platform: SimPlatform, chips: BoardChips) =>
  findModule(platform, chips, { function: 2, index: 0 })?.bytes

/** Boots until the board stays; the number of resets it made by itself. */
function settle(platform: SimPlatform, chips: BoardChips): number {
  for (let resets = 0; resets < 9; resets++) if (!boot(factsOf(platform), chips).resetsAgain) return resets
  throw new Error('it never stays')
}

describe('the OTA flag on every kind of board', () => {
  it.each([
    ['photon', '2.3.1', 0x080c0000, 1],
    ['electron', '2.3.1', 0x080c0000, 1],
    ['boron', '4.0.2', 0x80289000, 2],
    ['boron', '5.6.0', 0x8024c000, 2],
    ['argon', '6.3.4', 0x8024c000, 2],
    ['tracker', '4.0.2', 0x80689000, 2],
    ['b5som', '6.3.4', 0x80689000, 2],
    ['esomx', '6.3.4', 0x80689000, 2],
    ['p2', '5.6.0', 0x08300000, 2],
  ] as const)('takes a bootloader of a %s with %s at its own address', (...row) => {
    const [platform, deviceOs, address, resets] = row
    const { chips, loader } = staged(platform, deviceOs, address)
    expect(settle(platform, chips)).toBe(resets)
    expect([loaderOf(platform, chips), chips.dct[flag]]).toEqual([loader, 0xff])
  })

  it.each([
    ['boron', '5.6.0', 0x80289000],
    ['b5som', '6.3.4', 0x80289000],
    ['p2', '5.6.0', 0x08160000],
  ] as const)('finds nothing on a %s with %s at the address of another', (platform, deviceOs, address) => {
    const { chips, loader } = staged(platform, deviceOs, address)
    expect(settle(platform, chips)).toBe(0)
    expect(loaderOf(platform, chips)).not.toEqual(loader)
    expect(chips.dct[flag]).toBe(0xff)
  })

  it('means nothing before 1.2.1: it stays', () => {
    const { chips, loader } = staged('boron', '1.5.2')
    const old = { platform: 'boron', kind: 'system', index: 1, version: 1102, sizeBytes: 8192 } as const
    put(chips.internal, 0x30000, buildModule(old))
    expect(settle('boron', chips)).toBe(0)
    expect([loaderOf('boron', chips), chips.dct[flag]]).not.toEqual([loader, 0xff])
    expect(chips.dct[flag]).toBe(0xa5)
  })

  it('brings firmware of a network processor', () => {
    const chips = factoryChips('tracker', '4.0.2')
    if (chips.ncp) chips.ncp.version = 6
    stage('tracker', chips, {
      file: buildModule({ platform: 'tracker', kind: 'ncp', index: 0, version: 7, sizeBytes: 864_464 }),
    })
    expect(boot(factsOf('tracker'), chips)).toMatchObject({ mode: 'safe', resetsAgain: true })
    expect(boot(factsOf('tracker'), chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
  })

  it('brings an asset', () => {
    const chips = factoryChips('boron', '5.6.0')
    stage('boron', chips, { file: assetModule({ name: 'a', content: new Uint8Array(100) }) })
    expect(settle('boron', chips)).toBe(1)
    expect(availableAssets('boron', chips)).toMatchObject([{ name: 'a' }])
  })
})
