import { describe, expect, it } from 'vitest'
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { parsePortPath } from '../../src/shared/model/ids.ts'
import { arrival, benchOf, type DfuHost, departure, limits, openDfu } from './dfu-host.ts'

const otaFlag = 1753

async function write(host: DfuHost, at: { readonly alternate: number; readonly address: number }, data: Uint8Array) {
  await host.device.selectAlternate(0, at.alternate)
  for (let n = 0; n < data.length && at.alternate !== 1; n += 4096) await host.erase(at.address + n)
  await host.setAddress(at.address)
  for (let n = 0; n < data.length; n += 4096) await host.download(2 + n / 4096, data.subarray(n, n + 4096))
}

describe('the life of a board', () => {
  it('resets twice after a bootloader came by the OTA flag, shows itself shortly in between, and then stays', async () => {
    const { bus, board, clock } = benchOf({ platform: 'boron', start: 'dfu', deviceOs: '4.0.2' })
    const bootloader = buildModule({
      platform: 'boron',
      kind: 'bootloader',
      index: 0,
      version: 1102,
      sizeBytes: 48_000,
    })
    const host = await openDfu(bus)
    await host.home()
    await write(host, { alternate: 2, address: 0x80289000 }, bootloader)
    await write(host, { alternate: 1, address: otaFlag }, Uint8Array.of(0xa5))
    const visits: string[] = []
    bus.watch(({ kind, device }) => visits.push(`${kind} ${device.productId.toString(16)}`))
    await host.leave()
    await clock.sleep(30_000)
    expect(visits).toEqual(['left d00d', 'arrived c00d', 'left c00d', 'arrived c00d', 'left c00d', 'arrived c00d'])
    expect(board.chips.internal.read(0xf4000, bootloader.length)).toEqual(bootloader)
    expect(board.chips.dct[otaFlag]).toBe(0xff)
    expect(board.mode()).toBe('normal')
  })

  it('is dead for good when the bootloader is destroyed', async () => {
    const { bus, board, clock, portPath } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.erase(0xf4000)
    await host.leave()
    await clock.sleep(60_000)
    expect([board.mode(), bus.devices().length, bus.boards().length]).toEqual(['dead', 0, 1])
    bus.unplug(portPath)
    const fresh = createSimulatedBoard(boardSpecOf({ platform: 'boron' }, 50))
    bus.plug(portPath, fresh)
    await arrival(bus, 0xc00d)
  })

  it('interrupts nothing but itself when it is unplugged while it boots', async () => {
    const { bus, board, clock, portPath } = benchOf({ platform: 'p2' })
    await clock.sleep(500)
    expect(board.mode()).toBe('booting')
    bus.unplug(portPath)
    await clock.sleep(60_000)
    expect([board.mode(), bus.devices().length]).toEqual(['unplugged', 0])
  })

  it('comes into DFU mode by its buttons, from wherever it is, and boots as ever after a leave', async () => {
    const { bus, board, clock } = benchOf({ platform: 'boron' })
    const running = await arrival(bus)
    const gone = departure(bus, running)
    board.holdMode()
    await gone
    const host = await openDfu(bus)
    await host.home()
    await host.leave()
    await arrival(bus, 0xc00d)
    await clock.sleep(10_000)
    expect(board.mode()).toBe('normal')
  })

  it('forgets what it was about to do when its buttons are pressed while it boots', async () => {
    const { bus, board, clock } = benchOf({ platform: 'photon' })
    const visits: number[] = []
    bus.watch(({ kind, device }) => void (kind === 'arrived' && visits.push(device.productId)))
    for (let presses = 0; presses < 3; presses += 1) {
      await clock.sleep(300)
      board.holdMode()
    }
    await clock.sleep(60_000)
    expect([board.mode(), visits]).toEqual(['dfu', [0xd006]])
  })

  it('needs power and a bootloader for its buttons to do anything', async () => {
    const { bus, board, clock, portPath } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.erase(0xf4000)
    board.holdMode()
    await clock.sleep(60_000)
    expect([board.mode(), bus.devices().length]).toEqual(['dead', 0])
    bus.unplug(portPath)
    board.holdMode()
    await clock.sleep(60_000)
    expect(board.mode()).toBe('unplugged')
  })

  it('boots faster or slower with the speed of the bus, and counts the same waits', async () => {
    const bootOf = async (speed: number) => {
      const { bus, board, clock } = benchOf({ platform: 'photon' }, speed)
      await arrival(bus)
      return { wallMs: clock.monotonic(), waitMs: board.account().waitMs }
    }
    const slow = await bootOf(1)
    const fast = await bootOf(10)
    expect(slow.wallMs).toBeCloseTo(slow.waitMs, 6)
    expect(fast.waitMs).toBe(slow.waitMs)
    expect(fast.wallMs).toBeCloseTo(slow.wallMs / 10, 6)
  })

  it('counts no wait that was cut short: a reset that a late request has cancelled took no time', async () => {
    const { bus, board, clock } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    const before = board.account().waitMs
    await host.leave()
    await expect(host.status()).rejects.toMatchObject({ code: 'USB_STALL' })
    await clock.sleep(5_000)
    expect([board.mode(), board.account().waitMs - before]).toEqual(['dfu', 0])
  })

  it('answers transfers of two hosts one after the other', async () => {
    const { bus, clock } = benchOf({ platform: 'photon' })
    const device = await arrival(bus)
    await device.open(limits.signal)
    const ask = () => device.controlIn({ requestType: 0xc0, request: 0x50, value: 0, index: 20 }, 24, limits)
    const before = clock.monotonic()
    const [first, second] = await Promise.all([ask(), ask()])
    expect(first).toEqual(second)
    expect(clock.monotonic() - before).toBeCloseTo(2 * (0.75 + 24 * (8 / 4096)), 6)
  })

  it('times out, yet executes, a request without data on RTL', async () => {
    const { bus } = benchOf({ platform: 'p2' })
    const device = await arrival(bus)
    await device.open(limits.signal)
    const disconnect = { requestType: 0x40, request: 0x50, value: 0, index: 302 }
    await expect(device.controlOut(disconnect, new Uint8Array(), limits)).rejects.toMatchObject({ code: 'USB_TIMEOUT' })
  })

  it('can be served by port path again and again, by a conveyor of boards', async () => {
    const { bus, portPath } = benchOf({ platform: 'photon', portPath: '3-1' })
    expect(portPath).toBe(parsePortPath('3-1'))
    const seen = new Set<string>()
    for (let index = 10; index < 13; index += 1) {
      bus.unplug(portPath)
      const board = createSimulatedBoard(boardSpecOf({ platform: 'photon' }, index))
      bus.plug(portPath, board)
      const device = await arrival(bus)
      seen.add(`${board.facts().deviceId} ${device.deviceAddress}`)
      const gone = departure(bus, device)
      bus.unplug(portPath)
      await gone
    }
    expect(seen.size).toBe(3)
  })
})
