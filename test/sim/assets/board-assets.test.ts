import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assetContent, availableAssets, requiredAssets } from '../../../src/main/sim/assets/board-assets.ts'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { put, testHost } from '../boot/bench-board.ts'
import { hasFirmware, readFirmware, skipReason } from '../boot/real-firmware.ts'
import { Dialogue } from '../normal/dialogue.ts'
import { sendUpdate } from '../normal/send-update.ts'
import { applicationNeeding, assetModule, type TestAsset } from './asset-files.ts'

const cat: TestAsset = { name: 'cat.txt', content: new TextEncoder().encode('cat '.repeat(3000)) }
const dog: TestAsset = { name: 'dog.txt', content: new TextEncoder().encode('dog '.repeat(1000)) }
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

function boardNeeding(assets: readonly TestAsset[], platform: SimPlatform = 'boron', deviceOs = '5.6.0'): Dialogue {
  const board = new Dialogue(testHost(platform, { deviceOs }))
  install(board, assets)
  return board
}

function install({ host: { facts, chips } }: Dialogue, assets: readonly TestAsset[]): void {
  const user = applicationNeeding(facts.platform, assets)
  put(chips.internal, user.startAddress, user.bytes)
}

/** Sends it, and lets the work before the reset end. */
function store(board: Dialogue, file: Uint8Array): number {
  const result = sendUpdate(board, file)
  board.host.finish()
  return result
}

const names = ({ host: { facts, chips } }: Dialogue) => availableAssets(facts.platform, chips).map(({ name }) => name)

describe.each([
  ['boron', '5.6.0'],
  ['tracker', '6.3.4'],
  ['p2', '5.6.0'],
] as const)('an asset sent to a %s with Device OS %s', (platform, deviceOs) => {
  it.each([true, false])('is stored and can be read, compressed: %s', (isCompressed) => {
    const board = boardNeeding([cat], platform, deviceOs)
    const file = assetModule(cat, { isCompressed })
    expect(store(board, file)).toBe(0)
    expect(board.host.resets).toHaveLength(1)
    const { chips } = board.host
    expect(availableAssets(platform, chips)).toMatchObject([
      { name: 'cat.txt', hash: sha256(cat.content), sizeBytes: 12_000, storageBytes: file.length },
    ])
    expect(assetContent(platform, chips, 'cat.txt')).toEqual(cat.content)
  })
})

describe('the assets an application needs', () => {
  it('are read out of its header, whether they are there or not', () => {
    const { chips } = boardNeeding([cat, dog]).host
    expect(requiredAssets('boron', chips)).toEqual([
      { name: 'cat.txt', hash: sha256(cat.content) },
      { name: 'dog.txt', hash: sha256(dog.content) },
    ])
  })
})

describe('the asset store', () => {
  it('keeps one asset of each name', () => {
    const board = boardNeeding([cat])
    store(board, assetModule({ name: 'cat.txt', content: dog.content }))
    store(board, assetModule(cat))
    expect(names(board)).toEqual(['cat.txt'])
    expect(assetContent('boron', board.host.chips, 'cat.txt')).toEqual(cat.content)
  })

  it('loses what the application does not need when the next asset comes, not before', () => {
    const board = boardNeeding([cat])
    store(board, assetModule(cat))
    install(board, [dog])
    expect(names(board)).toEqual(['cat.txt'])
    store(board, assetModule(dog))
    expect(names(board)).toEqual(['dog.txt'])
  })

  it('does not take more than it has room for: the answer was good, the board does not reset', () => {
    const large = (name: string) => ({ name, content: new Uint8Array(500_000).fill(7) })
    const board = boardNeeding([large('a'), large('b'), large('c')])
    const results = ['a', 'b', 'c'].map((name) => store(board, assetModule(large(name), { isCompressed: false })))
    expect(results).toEqual([0, 0, 0])
    expect([names(board), board.host.resets.length]).toEqual([['a', 'b'], 2])
  })

  it('does not take a damaged asset, and nobody is told', () => {
    const board = boardNeeding([cat])
    const file = assetModule(cat)
    file[40] = ~(file[40] ?? 0)
    expect(sendUpdate(board, file)).toBe(0)
    expect([names(board), board.host.resets]).toEqual([[], []])
  })

  it('is destroyed by a module of more than 592 KB on a board with 4 MB', () => {
    const board = boardNeeding([cat])
    store(board, assetModule(cat))
    expect(sendUpdate(board, new Uint8Array(606_208).fill(1))).not.toBe(0)
    expect(names(board)).toEqual(['cat.txt'])
    sendUpdate(board, new Uint8Array(606_209).fill(1))
    expect(names(board)).toEqual([])
    store(board, assetModule(cat))
    expect(names(board)).toEqual(['cat.txt'])
  })

  it('is out of reach of any module on a board with 8 MB', () => {
    const board = boardNeeding([cat], 'tracker', '5.6.0')
    store(board, assetModule(cat))
    sendUpdate(board, new Uint8Array(829_248).fill(1))
    expect(names(board)).toEqual(['cat.txt'])
  })

  it('does not take an asset that must be staged where it would be stored', () => {
    const huge = { name: 'huge', content: new Uint8Array(610_000).fill(3) }
    const board = boardNeeding([huge])
    expect(sendUpdate(board, assetModule(huge, { isCompressed: false }))).toBe(0)
    expect([names(board), board.host.resets]).toEqual([[], []])
  })
})

describe.skipIf(!hasFirmware)(`real assets${skipReason}`, () => {
  it('are read as they are named', () => {
    const board = boardNeeding([])
    const found = ['cat', 'env', 'readme-txt'].map((name) => {
      store(board, readFirmware(`assets/${name}-asset-module.bin`))
      const [asset] = availableAssets('boron', board.host.chips)
      const content = assetContent('boron', board.host.chips, asset?.name ?? '')
      expect(sha256(content ?? new Uint8Array())).toEqual(asset?.hash)
      return [asset?.name, asset?.assetType, asset?.sizeBytes]
    })
    expect(found).toEqual([
      ['cat.jpg', 0, 21_474],
      ['env', 1, 12],
      ['readme.txt', 0, 480],
    ])
  })

  it.each([
    ['argon', 'argon/4.0.2/app-with-assets.bin', ['cat.txt', 'house.txt', 'water.txt']],
    ['tracker', 'tracker/5.3.1/tinker-with-assets.bin', ['btgap.a', 'cat.jpg', 'km4_image2_all.bin']],
  ] as const)('are needed by a real application of an %s', (platform, file, wanted) => {
    const { chips } = testHost(platform, { deviceOs: '4.0.2' })
    chips.internal.eraseSector(0xd4000)
    put(chips.internal, 0xb4000, readFirmware(file))
    expect(requiredAssets(platform, chips).map(({ name }) => name)).toEqual(wanted)
  })
})
