import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { testHost } from '../boot/bench-board.ts'
import { hasFirmware, readFirmware, skipReason } from '../boot/real-firmware.ts'
import { Dialogue } from './dialogue.ts'
import { sendUpdate } from './send-update.ts'

const inService = (platform: SimPlatform) =>
  new Dialogue(testHost(platform, { deviceOs: '6.3.4', protection: 'service' }))
const system = (version: number) =>
  buildModule({ platform: 'boron', kind: 'system', index: 1, version, sizeBytes: 8192, startAddress: 0x28000 })

describe('an update of a board in service mode', () => {
  it('refuses a system part that knows no security mode, and takes one that does', () => {
    expect(sendUpdate(inService('boron'), system(5999))).toBe(-1801)
    expect(sendUpdate(inService('boron'), system(6000))).toBe(0)
  })

  it('refuses a bootloader that is not made for it', () => {
    const plain = buildModule({ platform: 'boron', kind: 'bootloader', index: 0, version: 4000, sizeBytes: 40_000 })
    expect(sendUpdate(inService('boron'), plain)).toBe(-1801)
    expect(sendUpdate(new Dialogue(testHost('boron', { deviceOs: '6.3.4' })), plain)).toBe(0)
  })

  it('is nothing a protected board begins', () => {
    const board = new Dialogue(testHost('boron', { deviceOs: '6.3.4', protection: 'protected' }))
    expect(sendUpdate(board, system(6000))).toBe(-1801)
  })
})

describe.skipIf(!hasFirmware)(`real bootloaders on a Tracker in service mode${skipReason}`, () => {
  it.each([
    ['bootloader.bin', -1801],
    ['bootloader-protected.bin', 0],
    ['bootloader-protected-cert.bin', 0],
  ])('%s', (name, code) => {
    expect(sendUpdate(inService('tracker'), readFirmware(`tracker/5.6.0/${name}`))).toBe(code)
  })
})
