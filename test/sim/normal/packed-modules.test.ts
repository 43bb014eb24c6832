import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { findModule } from '../../../src/main/sim/boot/installed-modules.ts'
import { payloadOffsetOf } from '../../../src/main/sim/boot/module-extensions.ts'
import { moduleIn } from '../../../src/main/sim/boot/read-module.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import type { ModuleSpec } from '../../../src/main/sim/synthetic/module-spec.ts'
import { factsOf, testHost } from '../boot/bench-board.ts'
import { hasFirmware, readFirmware, skipReason } from '../boot/real-firmware.ts'
import { Dialogue } from './dialogue.ts'
import { sendUpdate } from './send-update.ts'

const made = (spec: Partial<ModuleSpec>) =>
  buildModule({ platform: 'boron', kind: 'user', index: 1, version: 9, sizeBytes: 4096, ...spec })

/** Packs a module without a vector table as its maker would: same prefix and suffix, the whole of it deflated. */
function compressed(file: Uint8Array, prefixBytes = 24): Uint8Array {
  const deflated = deflateRawSync(file)
  const suffixBytes = new DataView(file.buffer, file.byteOffset).getUint16(file.length - 6, true)
  const bytes = new Uint8Array(prefixBytes + 8 + deflated.length + suffixBytes + 4)
  const view = new DataView(bytes.buffer)
  bytes.set(file.subarray(0, prefixBytes))
  view.setUint16(prefixBytes, 8, true)
  view.setUint32(prefixBytes + 4, file.length, true)
  bytes.set(deflated, prefixBytes + 8)
  bytes.set(file.subarray(-suffixBytes - 4, -4), prefixBytes + 8 + deflated.length)
  view.setUint32(4, view.getUint32(0, true) + bytes.length - 4, true)
  view.setUint8(9, view.getUint8(9) | 0x02)
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), false)
  return bytes
}

const bytesOn = (board: Dialogue, moduleFunction: number, index: number) =>
  findModule(board.host.facts.platform, board.host.chips, { function: moduleFunction, index })?.bytes

function updated(board: Dialogue, file: Uint8Array) {
  const result = sendUpdate(board, file)
  board.host.finish()
  return { result, ...boot(factsOf(board.host.facts.platform), board.host.chips) }
}

describe('a compressed module', () => {
  it('is inflated on its way to its place', () => {
    const board = new Dialogue(testHost('boron', { deviceOs: '4.0.2' }))
    const user = made({})
    expect(updated(board, compressed(user))).toMatchObject({ result: 0, mode: 'normal', resetsAgain: true })
    expect(bytesOn(board, 5, 1)).toEqual(user)
  })

  it('is not taken before 2.0.0, nor on Gen 2', () => {
    expect(sendUpdate(new Dialogue(testHost('boron', { deviceOs: '1.5.2' })), compressed(made({})))).toBe(-1310)
    const photon = made({ platform: 'photon' })
    expect(sendUpdate(new Dialogue(testHost('photon')), compressed(photon))).toBe(-1310)
  })
})

describe('combined modules', () => {
  const user = made({ version: 21 })
  const loader = made({ kind: 'bootloader', index: 0, version: 1200, sizeBytes: 40_000, flags: 0x04 })
  const third = made({ kind: 'system', index: 1, version: 4200, sizeBytes: 8192 })

  it('are both applied', () => {
    const board = new Dialogue(testHost('boron', { deviceOs: '4.0.2' }))
    expect(updated(board, Uint8Array.from([...loader, ...user]))).toMatchObject({ result: 0, mode: 'normal' })
    expect([bytesOn(board, 2, 0), bytesOn(board, 5, 1)]).toEqual([loader, user])
  })

  it('are two at most: a third is not looked at and not applied', () => {
    const board = new Dialogue(testHost('boron', { deviceOs: '4.0.2' }))
    const second = made({ version: 22, flags: 0x04 })
    expect(updated(board, Uint8Array.from([...loader, ...second, ...third])).result).toBe(0)
    expect(findModule('boron', board.host.chips, { function: 4, index: 1 })?.version).toBe(4006)
    expect(bytesOn(board, 5, 1)).toEqual(second)
  })

  it('are refused when one of them would be', () => {
    const board = new Dialogue(testHost('boron', { deviceOs: '4.0.2' }))
    const foreign = made({ platformId: 26 })
    expect(updated(board, Uint8Array.from([...loader, ...foreign]))).toMatchObject({ result: -1360 })
  })
})

describe.skipIf(!hasFirmware)(`a real user part of a P2 with records in its prefix${skipReason}`, () => {
  it('is inflated from behind them', () => {
    const board = new Dialogue(testHost('p2', { deviceOs: '5.6.0' }))
    const file = readFirmware('p2/5.3.0/tinker-prefix-extensions.bin')
    const module = moduleIn(file)
    if (!module) throw new Error('no module')
    const prefixBytes = payloadOffsetOf(module)
    expect(prefixBytes).toBeGreaterThan(24)
    expect(updated(board, compressed(file, prefixBytes))).toMatchObject({ result: 0, resetsAgain: true })
    expect(bytesOn(board, 5, 1)).toEqual(file)
  })
})

describe.skipIf(!hasFirmware)(`real packed files on a Tracker${skipReason}`, () => {
  const tracker = () => new Dialogue(testHost('tracker', { deviceOs: '5.6.0' }))

  it('take the compressed Tinker 5.3.1: what lies in flash is the plain file', () => {
    const board = tracker()
    board.host.chips.internal.eraseSector(0xd4000)
    expect(updated(board, readFirmware('derived/tracker-tinker-5.3.1-compressed.bin'))).toMatchObject({ result: 0 })
    expect(bytesOn(board, 5, 2)).toEqual(readFirmware('tracker/5.3.1/tinker.bin'))
  })

  it('take bootloader and Tinker in one file', () => {
    const board = tracker()
    board.host.chips.internal.eraseSector(0xd4000)
    const file = readFirmware('derived/tracker-combined-bootloader+tinker.bin')
    expect(updated(board, file)).toMatchObject({ result: 0, resetsAgain: true })
    const first = moduleIn(file, 0x200)
    expect(bytesOn(board, 2, 0)).toEqual(first?.bytes)
    expect(bytesOn(board, 5, 2)).toEqual(file.slice(first?.sizeBytes))
  })

  it('refuse a combined one with nothing behind it', () => {
    expect(sendUpdate(tracker(), readFirmware('bad/combined-nothing-follows.bin'))).toBe(-1300)
  })

  it.each(['compressed-broken-deflate.bin', 'compressed-wrong-original-size.bin'])(
    'accept %s, whose outside is sound, and leave the flash as it was',
    (name) => {
      const board = tracker()
      const before = bytesOn(board, 5, 2) ?? bytesOn(board, 5, 1)
      expect(updated(board, readFirmware(`bad/${name}`))).toMatchObject({ result: 0, resetsAgain: false })
      expect(bytesOn(board, 5, 2) ?? bytesOn(board, 5, 1)).toEqual(before)
    },
  )
})
