import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { setupDoneByte } from '../../../src/main/sim/boot/listening.ts'
import { serialTextOf } from '../../../src/main/sim/serial-text.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { factsOf, put, testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'

/** A board whose first system part has that version, whatever else it holds. */
function boardWith(platform: SimPlatform, version: number, bootloader?: number): Dialogue {
  const host = testHost(platform)
  const on = { platform, index: 1, version, sizeBytes: 8192 } as const
  const startAddress = platform === 'photon' ? 0x08020000 : 0x30000
  put(host.chips.internal, startAddress, buildModule({ ...on, kind: 'system', startAddress }))
  if (bootloader !== undefined) {
    const loader = { platform, kind: 'bootloader', index: 0, version: bootloader, sizeBytes: 8192 } as const
    put(host.chips.internal, 0x08000000, buildModule(loader))
  }
  return new Dialogue(host)
}

const resultsOf = (board: Dialogue, types: readonly number[]) => types.map((type) => board.ask(type).result)

describe('Gen 2 before 0.8.0', () => {
  it('knows no vendor request, neither of the protocol nor raw', () => {
    const board = boardWith('photon', 207)
    expect([board.init(20), board.check(1), board.raw(0xc0, 20, 64).kind]).toEqual(['stall', 'stall', 'stall'])
  })

  it('still enters DFU mode when its serial port is set to 14400 baud', () => {
    const board = boardWith('photon', 17)
    const setup = { requestType: 0x21, request: 0x20, value: 0, index: 0, lengthBytes: 7 }
    expect(board.face.control(setup, Uint8Array.of(0x40, 0x38, 0, 0, 0, 0, 8)).kind).toBe('ack')
    expect(board.host.resets).toEqual([{ delayMs: 0, into: 'dfu' }])
  })
})

describe('Gen 2', () => {
  it('tells its serial number since 1.5.0 and its mode since 1.1.0', () => {
    expect(resultsOf(boardWith('photon', 326), [20, 21, 72])).toEqual([0, -120, -120])
    expect(resultsOf(boardWith('photon', 1102), [20, 21, 72])).toEqual([0, -120, 0])
    expect(resultsOf(boardWith('photon', 1502), [20, 21, 72])).toEqual([0, 0, 0])
  })

  it('has no set-up flag before 4.0.0 and no assets ever', () => {
    expect(resultsOf(boardWith('photon', 3301), [73, 74, 91])).toEqual([-120, -120, -120])
  })

  it.each([
    [17, 7, ['00000000050C', '00000000010C']],
    [105, 9, ['E00FCE68AABBCCDDEEFF0011', 'E00FCE68AABBCCDDEEFF0011']],
    [207, 101, ['e00fce68aabbccddeeff0011', 'e00fce68aabbccddeeff0011']],
  ])('with system version %i and bootloader %i says who it is as of its time', (system, bootloader, wanted) => {
    const { chips } = boardWith('photon', system, bootloader).host
    const texts = (['normal', 'dfu'] as const).map((mode) => serialTextOf(factsOf('photon'), chips, mode))
    expect(texts).toEqual(wanted)
  })
})

describe('an nRF board before 4.0.0', () => {
  const modeOf = (board: Dialogue) => [...board.ask(72).reply]

  it('listens from the start until set-up is done, by request or in the device configuration', () => {
    const host = testHost('boron')
    expect(modeOf(new Dialogue(host))).toEqual([8, 1])
    expect(new Dialogue(host).ask(73, Uint8Array.of(8, 1)).result).toBe(0)
    expect(host.chips.dct[setupDoneByte.offset]).toBe(1)
    expect(modeOf(new Dialogue(host))).toEqual([])
    host.chips.dct[setupDoneByte.offset] = 0xff
    expect(modeOf(new Dialogue(host))).toEqual([8, 1])
  })

  it('answers in listening mode what it answers otherwise, and leaves it on request', () => {
    const board = new Dialogue(testHost('boron'))
    expect(resultsOf(board, [20, 30, 90])).toEqual([0, 0, 0])
    board.ask(71)
    expect(modeOf(board)).toEqual([])
  })

  it('is different since 4.0.0, and on other families', () => {
    expect(modeOf(new Dialogue(testHost('boron', { deviceOs: '4.0.2' })))).toEqual([])
    expect(modeOf(new Dialogue(testHost('photon')))).toEqual([])
    expect(modeOf(new Dialogue(testHost('p2')))).toEqual([])
  })
})
