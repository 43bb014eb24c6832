import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { findModule } from '../../../src/main/sim/boot/installed-modules.ts'
import { bytes, decode, uint } from '../../../src/main/sim/normal/protobuf.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import type { ModuleSpec } from '../../../src/main/sim/synthetic/module-spec.ts'
import { factsOf, put, testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'
import { sendUpdate } from './send-update.ts'

const demo = new Map(demoFirmware().map((file) => [file.path, file.bytes]))

function demoFile(path: string): Uint8Array {
  const found = demo.get(path)
  if (!found) throw new Error(`no ${path}`)
  return found
}

const boardOf = (platform: SimPlatform, deviceOs?: string) =>
  new Dialogue(testHost(platform, deviceOs ? { deviceOs } : {}))

/** One byte changed and the CRC made right again. */
function withByte(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = damaged(file, at, value)
  new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy.subarray(0, -4)), false)
  return copy
}

function damaged(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice()
  copy[at] = value
  return copy
}

const userSpec = { platform: 'boron', kind: 'user', index: 1, version: 9, sizeBytes: 4096 } as const

const versionOf = (board: Dialogue, moduleFunction: number, index: number) =>
  findModule(board.host.facts.platform, board.host.chips, { function: moduleFunction, index })?.version

describe('a firmware update by control requests', () => {
  it('erases the OTA area while the request is pending and answers with chunks of 1024', () => {
    const board = boardOf('boron')
    const file = demoFile('boron/4.0.2/bootloader.bin')
    board.host.chips.external?.program(0x80289000, new Uint8Array(4))
    board.init(250, 4)
    board.send(1, Uint8Array.of(8, 0xd4, 0xf8, 2))
    board.wait(Math.ceil(file.length / 4096) * 50 - 1)
    expect(board.check(1)).toEqual({ status: 2 })
    board.wait(1)
    expect(board.check(1)).toMatchObject({ result: 0, size: 3 })
    expect(decode(board.receive(1, 3) as Uint8Array)).toEqual(uint(1, 1024))
    expect(board.host.chips.external?.read(0x80289000, 4)).toEqual(new Uint8Array(4).fill(0xff))
  })

  it.each([
    { platform: 'boron', path: 'boron/4.0.2/bootloader.bin', fn: 2, index: 0, version: 1101 },
    { platform: 'boron', path: 'boron/4.0.2/user-part.bin', fn: 5, index: 1, version: 5 },
    { platform: 'p2', path: 'p2/5.6.0/prebootloader-part1.bin', fn: 2, index: 2, version: 7 },
    { platform: 'p2', path: 'p2/5.6.0/user-part.bin', fn: 5, index: 1, version: 6 },
  ] as const)('$platform takes $path, resets, applies it at boot and resets once more', (row) => {
    const { platform, path, fn, index, version } = row
    const board = boardOf(platform, path.includes('p2/5.6.0/user') ? '5.6.0' : undefined)
    expect(sendUpdate(board, demoFile(path))).toBe(0)
    expect(board.host.resets).toEqual([{ delayMs: 200, into: 'boot' }])
    const facts = factsOf(platform)
    expect(boot(facts, board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: true })
    expect(boot(facts, board.host.chips)).toEqual({ mode: 'normal', resetsAgain: false, durationMs: 1500 })
    expect(versionOf(board, fn, index)).toBe(version)
    const module = findModule(platform, board.host.chips, { function: fn, index })
    expect(module?.bytes).toEqual(demoFile(path))
  })

  it('brings a P2 in safe mode to its new release: prebootloader first, then bootloader', () => {
    const board = boardOf('p2')
    const { chips } = board.host
    const facts = factsOf('p2')
    put(chips.internal, 0x08060000, demoFile('p2/5.6.0/system-part1.bin'))
    put(chips.internal, 0x085f4000, demoFile('p2/5.6.0/user-part.bin'))
    expect(boot(facts, chips).mode).toBe('safe')
    expect(sendUpdate(board, demoFile('p2/5.6.0/bootloader.bin'))).toBe(-1340)
    expect(sendUpdate(board, demoFile('p2/5.6.0/prebootloader-part1.bin'))).toBe(0)
    expect(boot(facts, chips)).toMatchObject({ mode: 'safe', resetsAgain: true })
    expect(sendUpdate(board, demoFile('p2/5.6.0/bootloader.bin'))).toBe(0)
    expect(boot(facts, chips)).toMatchObject({ mode: 'normal', resetsAgain: true })
  })

  it('brings a system part of a Boron up to where it begins since 6.1.2, and down again', () => {
    const board = boardOf('boron', '6.3.4')
    const facts = factsOf('boron')
    const part = (version: number, startAddress: number) =>
      buildModule({ platform: 'boron', kind: 'system', index: 1, version, sizeBytes: 500_000, startAddress })
    put(board.host.chips.internal, 0xd4000, buildModule({ ...userSpec, dependencies: [] }))
    for (const [version, startAddress] of [
      [6305, 0x28000],
      [4006, 0x30000],
      [6400, 0x28000],
    ] as const) {
      expect(sendUpdate(board, part(version, startAddress))).toBe(0)
      expect(boot(facts, board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: true })
      expect(versionOf(board, 4, 1)).toBe(version)
    }
  })

  it('has no room for a system part of a Photon, but for one of an Electron', () => {
    const part = (platform: SimPlatform, sizeBytes: number) =>
      buildModule({ platform, kind: 'system', index: 2, version: 2302, sizeBytes })
    expect(sendUpdate(boardOf('photon', '2.3.1'), part('photon', 241_496))).toBe(-1351)
    expect(sendUpdate(boardOf('electron', '2.3.1'), part('electron', 123_052))).toBe(0)
  })

  it('stores a SoftDevice without its header', () => {
    const board = boardOf('boron')
    const file = demoFile('boron/4.0.2/softdevice.bin')
    board.host.chips.internal.eraseSector(0x1000)
    expect(sendUpdate(board, file)).toBe(0)
    boot(factsOf('boron'), board.host.chips)
    expect(board.host.chips.internal.read(0x1000, file.length - 24)).toEqual(file.subarray(24))
  })

  it('only validates when asked to, and can be finished afterwards', () => {
    const board = boardOf('boron')
    expect(sendUpdate(board, demoFile('boron/4.0.2/bootloader.bin'), true)).toBe(0)
    expect([board.host.resets, boot(factsOf('boron'), board.host.chips).resetsAgain]).toEqual([[], false])
    expect(board.ask(251).result).toBe(0)
    expect(board.host.resets).toHaveLength(1)
  })

  it('applies nothing when the host never fetches the result', () => {
    const board = boardOf('boron')
    const file = demoFile('boron/4.0.2/bootloader.bin')
    board.askFields(250, uint(1, file.length))
    for (let at = 0; at < file.length; at += 1024) board.askFields(253, bytes(1, file.subarray(at, at + 1024)))
    board.init(251)
    board.wait(60_000)
    expect(board.host.resets).toEqual([])
    expect(boot(factsOf('boron'), board.host.chips).resetsAgain).toBe(false)
  })

  it('uses the OTA area of the release that runs', () => {
    const areaOf = (platform: SimPlatform, deviceOs?: string) => {
      const board = boardOf(platform, deviceOs)
      board.askFields(250, uint(1, 16))
      board.askFields(253, bytes(1, Uint8Array.of(0x12, 0x34)))
      const chip = board.host.chips.external ?? board.host.chips.internal
      const places = [0x080c0000, 0x80289000, 0x8024c000, 0x08300000, 0x08150000]
      const within = places.filter((at) => at >= chip.base && at < chip.base + chip.sizeBytes)
      return within.find((at) => chip.read(at, 2)[0] === 0x12 && chip.read(at, 2)[1] === 0x34)?.toString(16)
    }
    expect([
      areaOf('photon'),
      areaOf('boron'),
      areaOf('boron', '4.0.2'),
      areaOf('boron', '5.6.0'),
      areaOf('p2'),
      areaOf('p2', '5.6.0'),
    ]).toEqual(['80c0000', '80289000', '80289000', '8024c000', '8150000', '8300000'])
  })
})

describe('the order of update requests', () => {
  it('is start, data, finish; anything else is an invalid state', () => {
    const board = boardOf('boron')
    expect(board.askFields(253, bytes(1, Uint8Array.of(1))).result).toBe(-210)
    expect(board.ask(251).result).toBe(-210)
    expect(board.ask(252).result).toBe(0)
  })

  it('refuses to finish with bytes missing, and the transfer is over', () => {
    const board = boardOf('boron')
    board.askFields(250, uint(1, 100))
    board.askFields(253, bytes(1, new Uint8Array(99)))
    expect(board.ask(251).result).toBe(-210)
    expect(board.askFields(253, bytes(1, new Uint8Array(1))).result).toBe(-210)
  })

  it.each([
    { what: 'more than was announced', announced: 100, sent: 101, code: -290 },
    { what: 'more than a chunk', announced: 4096, sent: 1025, code: -290 },
    { what: 'nothing', announced: 100, sent: 0, code: -270 },
  ])('ends the transfer when the data is $what', ({ announced, sent, code }) => {
    const board = boardOf('boron')
    board.askFields(250, uint(1, announced))
    expect(board.askFields(253, bytes(1, new Uint8Array(sent))).result).toBe(code)
    expect(board.askFields(253, bytes(1, new Uint8Array(1))).result).toBe(-210)
  })

  it('starts anew with every start, and ends with cancel', () => {
    const board = boardOf('boron')
    board.askFields(250, uint(1, 100))
    board.askFields(250, uint(1, 2))
    expect(board.askFields(253, bytes(1, new Uint8Array(3))).result).toBe(-290)
    board.askFields(250, uint(1, 2))
    board.ask(252)
    expect(board.askFields(253, bytes(1, new Uint8Array(2))).result).toBe(-210)
  })

  it('refuses a size of nothing, a size beyond the area, another format', () => {
    const board = boardOf('photon')
    expect(board.askFields(250, uint(1, 0)).result).toBe(-1351)
    expect(board.askFields(250, uint(1, 128 * 1024 + 1)).result).toBe(-1351)
    expect(board.askFields(250, [...uint(1, 100), ...uint(2, 1)]).result).toBe(-120)
  })
})

describe('what an update does not look at', () => {
  const user = (version: number) => {
    const dependencies = [{ kind: 'system', index: 1, version }] as const
    return buildModule({ platform: 'boron', kind: 'user', index: 1, version: 9, sizeBytes: 4096, dependencies })
  }

  it('is what a user part needs: the board comes back in safe mode', () => {
    const board = boardOf('boron')
    expect(sendUpdate(board, user(2012))).toBe(0)
    expect(boot(factsOf('boron'), board.host.chips)).toMatchObject({ mode: 'safe', resetsAgain: true })
  })

  it('is bytes behind the module', () => {
    const board = boardOf('boron')
    expect(sendUpdate(board, Uint8Array.from([...user(2011), 1, 2, 3]))).toBe(0)
    boot(factsOf('boron'), board.host.chips)
    expect(findModule('boron', board.host.chips, { function: 5, index: 1 })?.bytes).toEqual(user(2011))
  })

  it('is whether a compressed user part can be inflated: the old one stays', () => {
    const board = boardOf('boron')
    const packed = buildModule({ platform: 'boron', kind: 'user', index: 1, version: 9, sizeBytes: 4096, flags: 2 })
    expect(sendUpdate(board, packed)).toBe(0)
    expect(boot(factsOf('boron'), board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
    expect(versionOf(board, 5, 1)).toBe(5)
  })
})

describe('a bootloader that no one can swap', () => {
  it('is overwritten by Device OS before the reset, which answers nothing meanwhile', () => {
    const board = boardOf('photon')
    expect(sendUpdate(board, demoFile('photon/2.3.1/bootloader.bin'))).toBe(0)
    expect(board.host.resets).toMatchObject([{ delayMs: 2200, into: 'boot' }])
    board.init(20)
    const { id } = board.init(30) as { id: number }
    board.wait(2000)
    expect(board.check(id)).toEqual({ status: 2 })
    board.host.finish()
    expect(boot(factsOf('photon'), board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
    expect(versionOf(board, 2, 0)).toBe(1006)
  })

  it('is gone when power is lost before', () => {
    const board = boardOf('photon')
    sendUpdate(board, demoFile('photon/2.3.1/bootloader.bin'))
    expect(boot(factsOf('photon'), board.host.chips)).toMatchObject({ isBricked: true })
  })

  it('is so on nRF boards with a bootloader before 2.0.0', () => {
    const board = boardOf('boron')
    const old = buildModule({ platform: 'boron', kind: 'bootloader', index: 0, version: 1000, sizeBytes: 46_580 })
    put(board.host.chips.internal, 0xf4000, old)
    expect(sendUpdate(board, demoFile('boron/4.0.2/bootloader.bin'))).toBe(0)
    expect(board.host.resets).toMatchObject([{ delayMs: 2200, into: 'boot' }])
    board.host.finish()
    expect(versionOf(board, 2, 0)).toBe(1101)
  })
})

describe('what an update refuses', () => {
  const bootloader = demoFile('boron/4.0.2/bootloader.bin')
  const made = (spec: Partial<ModuleSpec>) =>
    buildModule({ platform: 'boron', kind: 'user', index: 1, version: 9, sizeBytes: 4096, ...spec })
  const needs = (version: number) => [{ kind: 'system', index: 1, version } as const]

  it.each([
    ['a file that is no module', new Uint8Array(4096).fill(0x5a), -1300],
    ['a file shorter than its module', bootloader.subarray(0, -4), -1330],
    ['a wrong CRC', damaged(bootloader, 9000, ~(bootloader[9000] ?? 0)), -1330],
    ['another platform', withByte(bootloader, 0x200 + 12, 26), -1360],
    ['an unmet dependency', made({ kind: 'system', dependencies: needs(2012) }), -1340],
    ['an end in another place', made({ startAddress: 0xb4000 }), -1300],
    ['a user part that has no place here', withByte(made({}), 15, 3), -1300],
    ['a module for a network processor it has not', made({ kind: 'ncp', index: 0 }), -1300],
    ['an asset, before 5.5.0', made({ kind: 'asset', index: 0, dropsHeader: true }), -1300],
    ['a bootloader larger than its place', made({ kind: 'bootloader', index: 0, sizeBytes: 48 * 1024 + 4 }), -1300],
    ['a compressed bootloader', made({ kind: 'bootloader', index: 0, flags: 0x02, prefixOffset: 0 }), -1310],
    ['a compressed module with a vector table', made({ kind: 'system', flags: 0x02 }), -1370],
    ['a combined module with nothing behind it', made({ flags: 0x04 }), -1300],
  ])('%s', (_, file, code) => {
    const board = boardOf('boron')
    expect(sendUpdate(board, file)).toBe(code)
    expect(board.host.resets).toEqual([])
    expect(boot(factsOf('boron'), board.host.chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
  })

  it('an older system part that another system part cannot live with', () => {
    const older = { platform: 'photon', kind: 'system', index: 1, version: 1512, sizeBytes: 8192 } as const
    expect(sendUpdate(boardOf('photon'), buildModule(older))).toBe(-1340)
  })

  it("the RTL's own MBR", () => {
    const mbr = { platform: 'p2', kind: 'bootloader', index: 1, version: 2, sizeBytes: 8192 } as const
    expect(sendUpdate(boardOf('p2'), buildModule(mbr))).toBe(-1310)
  })
})
