import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { installedUser } from '../../../src/main/sim/boot/installed-modules.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { factsOf, put, testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'

function factoryReset(platform: SimPlatform, image: { readonly address: number; readonly bytes: Uint8Array } | null) {
  const board = new Dialogue(testHost(platform))
  const { chips } = board.host
  if (image) put(chips.external ?? chips.internal, image.address, image.bytes)
  expect(board.ask(41).result).toBe(0)
  expect(board.host.resets).toEqual([{ delayMs: 1000, into: 'boot' }])
  board.host.finish()
  const { mode, resetsAgain } = boot(factsOf(platform), chips)
  return { mode, resetsAgain, user: installedUser(platform, chips)?.version }
}

const image = (platform: SimPlatform) => buildModule({ platform, kind: 'user', index: 1, version: 77, sizeBytes: 6000 })

describe('a factory reset', () => {
  it.each([
    ['photon', 0x080e0000],
    ['electron', 0x080a0000],
    ['boron', 0x80200000],
    ['tracker', 0x80600000],
  ] as const)('puts the factory image of a %s in place of its user firmware', (platform, address) => {
    const bytes = image(platform)
    expect(factoryReset(platform, { address, bytes })).toMatchObject({ resetsAgain: true, user: 77 })
  })

  it('leaves the user firmware where there is no image, or a damaged one', () => {
    const before = factoryReset('photon', null)
    expect(before).toMatchObject({ mode: 'normal', resetsAgain: false })
    const damaged = image('photon')
    damaged[3000] = ~(damaged[3000] ?? 0)
    expect(factoryReset('photon', { address: 0x080e0000, bytes: damaged })).toEqual(before)
    expect(factoryReset('p2', null)).toMatchObject({ mode: 'normal', resetsAgain: false })
  })
})
