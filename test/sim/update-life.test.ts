import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../src/main/sim/board-parts.ts'
import { findModule } from '../../src/main/sim/boot/installed-modules.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { arrival, benchOf, departure, limits } from './dfu-host.ts'
import { askBoard, updateBoard } from './request-host.ts'

async function boardUpdated(platform: SimPlatform, deviceOs: string, file: Uint8Array) {
  const bench = benchOf({ platform, deviceOs })
  const device = await arrival(bench.bus)
  await device.open(limits.signal)
  const line = { device, clock: bench.clock }
  expect(await updateBoard(line, file)).toBe(0)
  return { ...bench, line, gone: departure(bench.bus, device) }
}

const photonLoader = buildModule({ platform: 'photon', kind: 'bootloader', index: 0, version: 1006, sizeBytes: 15_124 })
const argonNcp = buildModule({ platform: 'argon', kind: 'ncp', index: 0, version: 9, sizeBytes: 100_000 })

describe('a bootloader that Device OS overwrites itself', () => {
  it('is in place when the board comes back', async () => {
    const { bus, board, gone } = await boardUpdated('photon', '2.3.1', photonLoader)
    await gone
    await arrival(bus)
    const found = findModule('photon', board.chips, { function: 2, index: 0 })
    expect([found?.version, found?.isIntact, board.mode()]).toEqual([1006, true, 'normal'])
  })

  it('is lost, and the board with it, when power goes in between', async () => {
    const { bus, board, clock, portPath } = await boardUpdated('photon', '2.3.1', photonLoader)
    await clock.sleep(1000)
    bus.unplug(portPath)
    bus.plug(portPath, board)
    await clock.sleep(60_000)
    expect([board.mode(), bus.devices().length]).toEqual(['dead', 0])
  })
})

describe('a network processor', () => {
  it('is written while the board answers nothing, and the board resets afterwards', async () => {
    const { bus, board, clock, line, gone } = await boardUpdated('argon', '4.0.2', argonNcp)
    const before = clock.monotonic()
    const unheard = askBoard(line, 30).then(
      () => 'answered',
      () => 'gone',
    )
    await gone
    expect(await unheard).toBe('gone')
    expect(clock.monotonic() - before).toBeGreaterThan(3000)
    await arrival(bus)
    expect([board.chips.ncp?.version, board.mode()]).toEqual([9, 'normal'])
  })

  it('keeps its firmware when power goes in between', async () => {
    const { bus, board, clock, portPath } = await boardUpdated('argon', '4.0.2', argonNcp)
    await clock.sleep(1000)
    bus.unplug(portPath)
    bus.plug(portPath, board)
    await arrival(bus)
    expect(board.chips.ncp?.version).toBe(5)
  })
})
