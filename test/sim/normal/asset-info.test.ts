// Read with Particle's own message definitions, as handle-request.test.ts.

import { createHash } from 'node:crypto'
import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { applicationNeeding, assetModule } from '../assets/asset-files.ts'
import { put, testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'
import { sendUpdate } from './send-update.ts'

const cat = { name: 'cat.txt', content: new TextEncoder().encode('cat '.repeat(3000)) }
const hash = createHash('sha256').update(cat.content).digest('base64')

function boardNeedingCat(platform: SimPlatform, deviceOs: string): Dialogue {
  const board = new Dialogue(testHost(platform, { deviceOs }))
  const user = applicationNeeding(platform, [cat])
  put(board.host.chips.internal, user.startAddress, user.bytes)
  return board
}

function read(board: Dialogue, type: number, name: string): unknown {
  const { result, reply } = board.ask(type)
  return result === 0 ? DeviceOSProtobuf.decode(name, Buffer.from(reply)).toJSON() : result
}

const assetInfo = (board: Dialogue) => read(board, 91, 'GetAssetInfoReply')

describe('request 91', () => {
  it('tells what is needed and what is there', () => {
    const board = boardNeedingCat('p2', '5.6.0')
    expect(assetInfo(board)).toEqual({ required: [{ hash, name: 'cat.txt' }] })
    const file = assetModule(cat)
    sendUpdate(board, file)
    board.host.finish()
    expect(assetInfo(board)).toEqual({
      available: [{ hash, name: 'cat.txt', size: 12_000, storageSize: file.length }],
      required: [{ hash, name: 'cat.txt' }],
    })
  })

  it('is not known before 5.6.0, nor on a protected board', () => {
    expect(assetInfo(boardNeedingCat('boron', '4.0.2'))).toBe(-120)
    const host = testHost('boron', { deviceOs: '6.2.1', protection: 'protected' })
    expect(assetInfo(new Dialogue(host))).toBe(-1801)
  })
})

describe('module info since 5.6.0', () => {
  interface Listed {
    readonly type: string
    readonly store?: string
    readonly assetDependencies?: unknown
  }
  const modulesOf = (board: Dialogue) =>
    (read(board, 90, 'GetModuleInfoReply') as { readonly modules: readonly Listed[] }).modules

  it('names the assets with the user part that needs them', () => {
    const user = modulesOf(boardNeedingCat('boron', '5.6.0')).find(({ type }) => type === 'USER_PART_MODULE')
    expect(user?.assetDependencies).toEqual([{ hash, name: 'cat.txt' }])
  })

  it('lists the factory image with its store', () => {
    const board = boardNeedingCat('boron', '5.6.0')
    const { external } = board.host.chips
    if (external) put(external, 0x80200000, applicationNeeding('boron', []).bytes)
    const users = modulesOf(board).filter(({ type }) => type === 'USER_PART_MODULE')
    expect(users.map(({ store }) => store)).toEqual([undefined, 'FACTORY_MODULE_STORE'])
  })
})
