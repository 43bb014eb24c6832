// The replies are read with Particle's own message definitions, so that a mistake of ours in field numbers shows.
import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { describe, expect, it } from 'vitest'
import type { NormalModeHost, SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'

type HostOptions = Partial<Pick<NormalModeHost, 'chips' | 'mode' | 'protection'>> & { readonly deviceOs?: string }
const boardOf = (platform: SimPlatform, options: HostOptions = {}) => new Dialogue(testHost(platform, options))

/** Result code, or the reply as Particle's definitions read it. */
function ask(board: Dialogue, name: string, message: object = {}): number | Record<string, unknown> {
  const type = DeviceOSProtobuf.getDefinition(`${name}Request`).id ?? -1
  const { result, reply } = board.ask(type, DeviceOSProtobuf.encode(`${name}Request`, message))
  return result === 0 ? DeviceOSProtobuf.decode(`${name}Reply`, Buffer.from(reply)).toJSON() : result
}

describe('a board asked who it is', () => {
  it('gives its id in lower case, its serial number and the version flashed', () => {
    const board = boardOf('photon')
    expect(ask(board, 'GetDeviceId')).toEqual({ id: 'e00fce68aabbccddeeff0011' })
    expect(ask(board, 'GetSerialNumber')).toEqual({ serial: 'SIMULATED000001' })
    expect(ask(board, 'GetSystemVersion')).toEqual({ version: '2.0.1' })
    expect(ask(boardOf('boron', { deviceOs: '4.0.2' }), 'GetSystemVersion')).toEqual({ version: '4.0.2' })
  })

  it('has firmware of a network processor only where it has one', () => {
    expect(ask(boardOf('boron'), 'GetNcpFirmwareVersion')).toBe(-120)
    const tracker = boardOf('tracker', { deviceOs: '4.0.2' })
    expect(ask(tracker, 'GetNcpFirmwareVersion')).toEqual({ version: '0.0.7', moduleVersion: 7 })
  })

  it('takes compressed modules, but for Gen 2', () => {
    expect(ask(boardOf('boron'), 'GetSystemCapabilities')).toEqual({ flags: 1 })
    expect(ask(boardOf('photon'), 'GetSystemCapabilities')).toEqual({})
  })

  it('gives its ICCID after the modem has started, and quickly from then on', () => {
    const board = boardOf('boron')
    board.init(554)
    board.wait(4999)
    expect(board.check(1)).toEqual({ status: 2 })
    board.wait(1)
    expect(board.check(1)).toMatchObject({ result: 0 })
    board.init(554)
    board.wait(1)
    expect(board.check(2)).toMatchObject({ result: 0 })
  })

  it('tells the IMEI from Device OS 5.8.0 on', () => {
    const iccid = '89014103271226425123'
    expect(ask(boardOf('boron', { deviceOs: '5.6.0' }), 'cellular.GetIccid')).toEqual({ iccid })
    expect(ask(boardOf('boron', { deviceOs: '6.2.1' }), 'cellular.GetIccid')).toEqual({
      iccid,
      imei: '352753090000001',
    })
  })

  it('knows no ICCID without a modem', () => {
    expect(ask(boardOf('photon'), 'cellular.GetIccid')).toBe(-120)
  })
})

describe('the reset requests', () => {
  it.each([
    ['Reset', 'boot'],
    ['DfuMode', 'dfu'],
    ['SafeMode', 'safe'],
  ])('%s leads into %s a second after the result was fetched', (name, into) => {
    const board = boardOf('p2')
    const type = { Reset: 40, DfuMode: 50, SafeMode: 60 }[name] ?? 0
    expect(board.ask(type).result).toBe(0)
    expect(board.host.resets).toEqual([{ delayMs: 1000, into }])
  })
})

describe('modes', () => {
  it('listening mode is entered and left', () => {
    const board = boardOf('boron', { deviceOs: '4.0.2' })
    const modes = [72, 70, 72, 71, 72].map((type) => [...board.ask(type).reply])
    expect(modes).toEqual([[], [], [8, 1], [], []])
    expect(ask(board, 'GetDeviceMode')).toEqual({})
  })
})

describe('set-up', () => {
  it('is a byte of the DCT on Boron before 4.0.0', () => {
    const board = boardOf('boron')
    expect(ask(board, 'IsDeviceSetupDone')).toEqual({})
    expect(ask(board, 'SetDeviceSetupDone', { done: true })).toEqual({})
    expect(board.host.chips.dct[8134]).toBe(1)
    expect(ask(board, 'IsDeviceSetupDone')).toEqual({ done: true })
    expect(ask(board, 'SetDeviceSetupDone', { done: false })).toEqual({})
    expect(board.host.chips.dct[8134]).toBe(0xff)
  })

  it('is always done from 4.0.0 on, and cannot be undone', () => {
    const board = boardOf('boron', { deviceOs: '4.0.2' })
    expect(ask(board, 'IsDeviceSetupDone')).toEqual({ done: true })
    expect(ask(board, 'SetDeviceSetupDone', { done: true })).toEqual({})
    expect(ask(board, 'SetDeviceSetupDone', { done: false })).toBe(-120)
    expect(board.host.chips.dct[8134]).toBe(0xff)
  })

  it('is no word of a Photon', () => {
    expect(ask(boardOf('photon'), 'IsDeviceSetupDone')).toBe(-120)
    expect(ask(boardOf('photon'), 'SetDeviceSetupDone', { done: true })).toBe(-120)
  })

  it('keeps a claim code in the DCT, and knows from there whether the board is claimed', () => {
    const board = boardOf('p2')
    const code = 'c'.repeat(63)
    expect(ask(board, 'SetClaimCode', { code })).toEqual({})
    expect(Buffer.from(board.host.chips.dct.subarray(1762, 1762 + 63)).toString()).toBe(code)
    expect(ask(board, 'IsClaimed')).toEqual({})
    board.host.chips.dct[1825] = 0x31
    expect(ask(board, 'IsClaimed')).toEqual({ claimed: true })
  })

  it('lets the light show a rainbow', () => {
    expect([230, 231].map((type) => boardOf('photon').ask(type).result)).toEqual([0, 0])
  })
})

describe('echo and application requests', () => {
  it('return their bytes, whatever they are', () => {
    const payload = Uint8Array.from({ length: 65_535 }, (_, i) => i * 7)
    const board = boardOf('boron')
    expect(board.ask(1, payload).reply).toEqual(payload)
    expect(board.ask(10, payload.slice(0, 9)).reply).toEqual(payload.slice(0, 9))
  })

  it('find no application in safe mode, nor where there is none', () => {
    expect(boardOf('boron', { mode: 'safe' }).ask(10, Uint8Array.of(1)).result).toBe(-120)
    const blank = boardOf('boron')
    blank.host.chips.internal.eraseSector(0xd4000)
    expect(blank.ask(10, Uint8Array.of(1)).result).toBe(-120)
  })
})

describe('protection', () => {
  it('lets only four request types through', () => {
    const board = boardOf('boron', { deviceOs: '6.2.1', protection: 'protected' })
    const results = [10, 20, 76, 30, 50, 90, 250, 554].map((type) => board.ask(type).result)
    expect(results).toEqual([0, 0, 0, ...Array(5).fill(-1801)])
    expect(ask(board, 'GetProtectedState')).toEqual({ state: true })
  })

  it('is shown as overridden in service mode, and as open otherwise', () => {
    const options = { deviceOs: '6.2.1' }
    expect(ask(boardOf('boron', { ...options, protection: 'service' }), 'GetProtectedState')).toEqual({
      overridden: true,
    })
    expect(ask(boardOf('boron', options), 'GetProtectedState')).toEqual({})
  })

  it('is unknown before 6.1.1', () => {
    expect(ask(boardOf('boron', { deviceOs: '4.0.2' }), 'GetProtectedState')).toBe(-120)
    expect(ask(boardOf('boron', { deviceOs: '4.0.2' }), 'SetProtectedState')).toBe(-120)
  })

  const prepare = { action: 1, prepare: { serverNonce: Buffer.alloc(32, 1) } }

  it('is nothing to unlock on an open board, and needs keys that a simulated board has not on a protected one', () => {
    const options = { deviceOs: '6.2.1' }
    expect(ask(boardOf('boron', options), 'SetProtectedState', prepare)).toEqual({})
    expect(ask(boardOf('boron', { ...options, protection: 'protected' }), 'SetProtectedState', prepare)).toBe(-280)
    const short = { action: 1, prepare: { serverNonce: Buffer.alloc(31) } }
    expect(ask(boardOf('boron', options), 'SetProtectedState', short)).toBe(-270)
    const confirm = { action: 2, confirm: { serverSignature: Buffer.alloc(64) } }
    expect(ask(boardOf('boron', options), 'SetProtectedState', confirm)).toBe(-210)
  })
})

describe('what a board does not know', () => {
  it('is not supported', () => {
    const board = boardOf('boron')
    expect([0, 2, 77, 100, 210, 600, 65_535].map((type) => board.ask(type).result)).toEqual(Array(7).fill(-120))
  })

  it('is bad data when the payload is no message', () => {
    expect(boardOf('boron').ask(250, Uint8Array.of(0x0b)).result).toBe(-280)
  })

  it('is the asset list before 5.6.0', () => {
    expect(ask(boardOf('boron', { deviceOs: '4.0.2' }), 'GetAssetInfo')).toBe(-120)
    expect(ask(boardOf('boron', { deviceOs: '5.6.0' }), 'GetAssetInfo')).toEqual({})
  })
})

describe('module info before 5.6.0', () => {
  it('speaks of every module in its old numbering, with what failed', () => {
    expect(ask(boardOf('boron'), 'GetModuleInfo')).toEqual({
      modulesDeprecated: [
        { type: 'BOOTLOADER', version: 1005, size: 46_576 },
        {
          type: 'SYSTEM_PART',
          index: 1,
          version: 2011,
          size: 494_440,
          dependencies: [
            { type: 'BOOTLOADER', version: 1005 },
            { type: 'RADIO_STACK', version: 202 },
          ],
        },
        {
          type: 'USER_PART',
          index: 1,
          version: 5,
          size: 11_408,
          dependencies: [{ type: 'SYSTEM_PART', index: 1, version: 326 }],
        },
        { type: 'RADIO_STACK', version: 202 },
      ],
    })
  })

  it('tells failed integrity and failed dependencies, and leaves a damaged user part out', () => {
    const board = boardOf('photon')
    const { internal } = board.host.chips
    internal.program(0x08020000 + 9000, new Uint8Array(16))
    internal.program(0x080a0000 + 900, new Uint8Array(16))
    const { modulesDeprecated } = ask(board, 'GetModuleInfo') as { modulesDeprecated: object[] }
    expect(modulesDeprecated).toMatchObject([
      { type: 'BOOTLOADER' },
      { type: 'SYSTEM_PART', index: 1, validity: 1 },
      { type: 'SYSTEM_PART', index: 2, validity: 2 },
    ])
    expect(modulesDeprecated).toHaveLength(3)
  })
})

describe('module info from 5.6.0 on', () => {
  const checked = { checkedFlags: 0x1e, passedFlags: 0x1e }

  it('gives the header numbers, the suffix hash, size and flags of three bootloaders, system and user', () => {
    const board = boardOf('p2', { deviceOs: '5.6.0' })
    const system = board.host.chips.internal.read(0x08060000, 1_041_720)
    const { modules } = ask(board, 'GetModuleInfo') as { modules: object[] }
    expect(modules).toMatchObject([
      { type: 'BOOTLOADER_MODULE', index: 1, ...checked },
      { type: 'BOOTLOADER_MODULE', version: 2400, ...checked },
      { type: 'BOOTLOADER_MODULE', index: 2, version: 7, ...checked },
      {
        type: 'SYSTEM_PART_MODULE',
        index: 1,
        version: 5600,
        size: 1_041_720,
        maxSize: 1_572_864,
        hash: Buffer.from(system.subarray(-38, -6)).toString('base64'),
        dependencies: [{ type: 'BOOTLOADER_MODULE', version: 2400 }],
        ...checked,
      },
      { type: 'USER_PART_MODULE', index: 1, version: 6, size: 49_152, ...checked },
    ])
    expect(modules).toHaveLength(5)
  })

  it('reports the SoftDevice without size, with 20 bytes of Nordic in place of a hash, as passed', () => {
    const board = boardOf('boron', { deviceOs: '5.6.0' })
    const { modules } = ask(board, 'GetModuleInfo') as { modules: { type: string }[] }
    const uniqueString = board.host.chips.internal.read(0x3018, 20)
    expect(modules.find((one) => one.type === 'RADIO_STACK_MODULE')).toEqual({
      type: 'RADIO_STACK_MODULE',
      version: 202,
      maxSize: 0x26000,
      hash: Buffer.from(uniqueString).toString('base64'),
      ...checked,
    })
  })

  it('tells which check a module has not passed', () => {
    const board = boardOf('boron', { deviceOs: '5.6.0' })
    board.host.chips.internal.eraseSector(0x3000)
    const { modules } = ask(board, 'GetModuleInfo') as { modules: { type: string }[] }
    expect(modules.map((one) => one.type)).not.toContain('RADIO_STACK_MODULE')
    expect(modules.find((one) => one.type === 'SYSTEM_PART_MODULE')).toMatchObject({
      checkedFlags: 0x1e,
      passedFlags: 0x1a,
    })
  })
})
