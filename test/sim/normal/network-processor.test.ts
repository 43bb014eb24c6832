import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { factsOf, put, testHost } from '../boot/bench-board.ts'
import { hasFirmware, readFirmware, skipReason } from '../boot/real-firmware.ts'
import { Dialogue } from './dialogue.ts'
import { sendUpdate } from './send-update.ts'

function boardOf(platform: SimPlatform, deviceOs: string, ncpVersion: number): Dialogue {
  const host = testHost(platform, { deviceOs })
  if (host.chips.ncp) host.chips.ncp.version = ncpVersion
  return new Dialogue(host)
}

const trackerNcp = buildModule({
  ...{ platform: 'tracker', kind: 'ncp', index: 0, version: 7, sizeBytes: 864_464 },
  dependencies: [{ kind: 'system', index: 1, version: 3000 }],
})

function told(board: Dialogue): unknown {
  const { result, reply } = board.ask(31)
  return result === 0 ? DeviceOSProtobuf.decode('GetNcpFirmwareVersionReply', Buffer.from(reply)).toJSON() : result
}

function listed(board: Dialogue): readonly unknown[] {
  const { reply } = board.ask(90)
  const info = DeviceOSProtobuf.decode('GetModuleInfoReply', Buffer.from(reply)).toJSON() as Record<string, unknown[]>
  const all = [...(info['modules'] ?? []), ...(info['modulesDeprecated'] ?? [])] as { type?: string }[]
  return all.filter(({ type }) => type?.startsWith('NCP'))
}

describe('the network processor of a Tracker', () => {
  it('gets version 7 while Device OS 3.0.0 to 5.5.x runs: half a minute, then a reset', () => {
    const board = boardOf('tracker', '4.0.2', 6)
    expect(boot(factsOf('tracker'), board.host.chips).mode).toBe('safe')
    expect(sendUpdate(board, trackerNcp)).toBe(0)
    const [{ delayMs } = { delayMs: 0 }] = board.host.resets
    expect(delayMs).toBeGreaterThan(20_000)
    expect(delayMs).toBeLessThan(60_000)
    expect(board.host.chips.ncp?.version).toBe(6)
    board.host.finish()
    expect(told(board)).toEqual({ version: '0.0.7', moduleVersion: 7 })
    expect(boot(factsOf('tracker'), board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
  })

  it('is listed with the modules, and no more since 5.6.0', () => {
    expect(listed(boardOf('tracker', '4.0.2', 7))).toEqual([{ type: 'NCP_FIRMWARE', version: 7 }])
    expect(listed(boardOf('tracker', '5.6.0', 7))).toEqual([])
    expect(told(boardOf('tracker', '5.6.0', 7))).toEqual({ version: '0.0.7', moduleVersion: 7 })
  })

  it('is not updated since 5.6.0', () => {
    const board = boardOf('tracker', '5.6.0', 6)
    expect(sendUpdate(board, trackerNcp)).toBe(-1300)
    expect(board.host.resets).toEqual([])
  })

  it('is not updated by a Device OS before 3.0.0', () => {
    const board = boardOf('tracker', '4.0.2', 6)
    const old = { platform: 'tracker', kind: 'system', index: 1, version: 1514, sizeBytes: 8192 } as const
    put(board.host.chips.internal, 0x30000, buildModule(old))
    expect(sendUpdate(board, trackerNcp)).toBe(-1340)
  })
})

describe.skipIf(!hasFirmware)(`the network processor of an Argon${skipReason}`, () => {
  it('gets the real version 5 as it is in the file, without header and suffix', () => {
    const board = boardOf('argon', '4.0.2', 4)
    const file = readFirmware('argon/4.0.2/ncp.bin')
    expect(sendUpdate(board, file)).toBe(0)
    board.host.finish()
    expect(board.host.chips.ncp?.version).toBe(5)
    expect(board.host.chips.ncp?.firmware).toEqual(file.slice(24, -40))
  })

  it('does not take that of a Tracker', () => {
    expect(sendUpdate(boardOf('argon', '4.0.2', 4), trackerNcp)).toBe(-1360)
  })
})
