// The DFU engine through libusb and the kernel, on simulated boards of each family at once: what the station does to a
// bench, with nothing between it and the boards replaced but the cable.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { DfuFamilyName } from '../../src/main/station/dfu/families.ts'
import { openDfu } from '../../src/main/station/dfu/session.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { Bench, nextEvent, silentLog, until } from './bench.ts'

interface Kind {
  readonly platform: string
  readonly dfu: number
  readonly normal: number
  readonly family: DfuFamilyName
  readonly address: number
}

const kinds: readonly Kind[] = [
  { platform: 'photon', dfu: 0xd006, normal: 0xc006, family: 'stm32f2', address: 0x080a0000 },
  { platform: 'boron', dfu: 0xd00d, normal: 0xc00d, family: 'nrf52840', address: 0xd4000 },
  { platform: 'p2', dfu: 0xd020, normal: 0xc020, family: 'rtl872x', address: 0x085a0000 },
]
const signal = new AbortController().signal
const sizeBytes = 100_001

let bench: Bench
let bus: UsbBus

before(async () => {
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  const boards = kinds.map(({ platform }) => ({ platform, start: 'dfu' }))
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 20)
  await until(() => kinds.every(({ dfu }) => deviceWith(dfu) !== undefined))
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
})

function deviceWith(productId: number): UsbDevice | undefined {
  return bus.devices().find((device) => device.productId === productId)
}

describe('simulated boards in DFU mode', () => {
  it('are written, compared and left, side by side, and come back in normal mode on the same port', async (t) => {
    const flash = async ({ dfu, normal, family, address, platform }: Kind): Promise<void> => {
      const device = deviceWith(dfu)
      assert.ok(device)
      const data = randomBytes(sizeBytes)
      const startedAt = performance.now()
      const session = await openDfu(device, { clock: systemClock, signal, family })
      await session.write({ alternate: 0, address, data })
      const { equal, bytesRead } = await session.compare({ alternate: 0, address, expected: data })
      assert.deepEqual({ equal, bytesRead }, { equal: true, bytesRead: sizeBytes })
      const damaged = Uint8Array.from(data)
      damaged[77_777] = ~(damaged[77_777] ?? 0)
      const { firstDifference } = await session.compare({ alternate: 0, address, expected: damaged })
      assert.equal(firstDifference, address + 77_777)
      t.diagnostic(`${platform}: ${session.transfers} transfers in ${(performance.now() - startedAt).toFixed(0)} ms`)
      const back = nextEvent(bus, { kind: 'arrived', portPath: device.portPath })
      await session.leave(address)
      await session.close()
      assert.equal((await back).productId, normal)
    }
    await Promise.all(kinds.map(flash))
  })
})
