// The engine for devices that are no Particle boards, through libusb and the kernel: descriptors as libusb hands them out,
// claims of several interfaces, bus resets that take a device off the bus, on kinds of devices that break the standard.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { DeviceKindName } from '../../src/main/sim/generic/device-kinds.ts'
import { stationQuirks } from '../../src/main/station/devices/known-quirks.ts'
import { habitsOf } from '../../src/main/station/devices/quirk-book.ts'
import { detach } from '../../src/main/station/dfu/detach.ts'
import { type LoaderSession, openLoader } from '../../src/main/station/dfu/loader-session.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { imageFor } from '../sim/generic/device-images.ts'
import { Bench, silentLog, until } from './bench.ts'
import { kernelPortName } from './vhci-device.ts'

const boards: readonly DeviceKindName[] = [
  'stm32',
  'quirk-gd32',
  'quirk-lpc',
  'dfu-wrong-short',
  'dfu-wrong-zero',
  'dfu-wrong-missing',
  'dfu-wrong-place',
  'dfu-wrong-protocol',
  'dfu-nontolerant',
  'dfu-two',
]
const signal = new AbortController().signal
const book = stationQuirks(null)

let bench: Bench
let bus: UsbBus

before(async () => {
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  const file = {
    format: 'dfu-station-bench',
    version: 1,
    boards: boards.map((platform) => ({ platform, start: 'dfu' })),
  }
  await bench.simulate(file, 20)
  await until(() => bus.devices().length === boards.length)
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
})

function deviceOf(kind: DeviceKindName): UsbDevice {
  const portPath = kernelPortName(boards.indexOf(kind))
  return bus.devices().find((device) => device.portPath === portPath) ?? assert.fail(`no ${kind} on ${portPath}`)
}

function optionsFor(device: UsbDevice) {
  return { clock: systemClock, signal, habits: habitsOf(book, device).habits }
}

function open(kind: DeviceKindName): Promise<LoaderSession> {
  const device = deviceOf(kind)
  return openLoader(device, optionsFor(device))
}

/** The device of a place once it is another than this one. */
async function next(before: UsbDevice): Promise<UsbDevice> {
  const now = () => bus.devices().find((device) => device.portPath === before.portPath && device !== before)
  await until(() => now() !== undefined)
  return now() ?? assert.fail()
}

/** Out of a loader that is done, through the program, and into the loader again. */
async function comeBack(
  kind: DeviceKindName,
  loader: LoaderSession,
  ended: 'wait-reset' | 'gone',
): Promise<LoaderSession> {
  const before = bus.devices().find(({ portPath }) => portPath === kernelPortName(boards.indexOf(kind)))
  if (ended === 'wait-reset') await loader.reset()
  await loader.close()
  const program = before && before.productId === imageFor(kind).ids.dfu.productId ? await next(before) : before
  const running = program ?? (await arrival(kind))
  await detach(running, optionsFor(running))
  await next(running)
  return open(kind)
}

async function arrival(kind: DeviceKindName): Promise<UsbDevice> {
  await until(() => bus.devices().some(({ portPath }) => portPath === kernelPortName(boards.indexOf(kind))))
  return deviceOf(kind)
}

describe('simulated DFU devices on a real USB stack', () => {
  for (const kind of ['stm32', 'quirk-gd32'] as const) {
    it(`writes a ${kind} sector by sector, reads it back, erases it and leaves it`, async (t) => {
      const loader = await open(kind)
      assert.equal(loader.protocol, 'dfuse')
      const address = 0x08000000
      const data = randomBytes(10_001)
      await loader.write({ alternate: 0, address, data, erase: true })
      assert.equal((await loader.compare({ alternate: 0, address, expected: data })).equal, true)
      data[7_777] = ~(data[7_777] ?? 0)
      const { firstDifference } = await loader.compare({ alternate: 0, address, expected: data })
      assert.equal(firstDifference, address + 7_777)
      await loader.massErase(0)
      const blank = await loader.read({ alternate: 0, address, sizeBytes: 4096 })
      assert.ok(blank.every((byte) => byte === 0xff))
      await loader.leave(address)
      await loader.close()
      t.diagnostic(`${loader.transfers} transfers`)
    })
  }

  for (const kind of boards.filter((name) => name.startsWith('dfu-'))) {
    it(`writes a ${kind}, whatever its descriptors and its times say, and reads it back`, async (t) => {
      const loader = await open(kind)
      assert.equal(loader.protocol, 'dfu')
      const { bytes } = imageFor(kind, { release: 0x0301, sizeBytes: 20_000, seed: kind })
      const { ended, isConfirmed } = await loader.write({ alternate: 0, address: null, data: bytes, erase: true })
      assert.equal(isConfirmed, true)
      assert.ok(ended !== 'idle')
      const again = await comeBack(kind, loader, ended)
      assert.equal((await again.compare({ alternate: 0, address: null, expected: bytes })).equal, true)
      await again.close()
      t.diagnostic(`${loader.transfers} transfers, ${again.transfers} to read`)
    })
  }

  it('writes a loader that says that it is a program', async () => {
    const loader = await open('quirk-lpc')
    const { bytes } = imageFor('quirk-lpc', { release: 0x0301, sizeBytes: 20_000, seed: 'lpc' })
    const { isConfirmed } = await loader.write({ alternate: 0, address: null, data: bytes, erase: true })
    assert.equal(isConfirmed, true)
    await loader.close()
  })

  it('writes and reads the memory behind a second DFU interface', async () => {
    const loader = await open('dfu-two')
    const radio = loader.memories.find(({ name }) => name === 'Radio')?.alternate ?? assert.fail('no such memory')
    const data = randomBytes(5_000)
    const { ended } = await loader.write({ alternate: radio, address: null, data, erase: true })
    assert.ok(ended !== 'idle')
    const again = await comeBack('dfu-two', loader, ended)
    assert.equal((await again.compare({ alternate: radio, address: null, expected: data })).equal, true)
    await again.close()
  })
})
