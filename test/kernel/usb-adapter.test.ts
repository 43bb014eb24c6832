// The USB adapter on a real Linux USB stack: libusb, usbfs, udev and the kernel are the real ones, the devices are
// simulated below the kernel. Run it with the rig (see README.md).
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import { readStringDescriptor } from '../../src/main/station/usb/string-descriptor.ts'
import type { ControlSetup, TransferOptions, UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { Bench, nextEvent, silentLog, until } from './bench.ts'
import { probe, probeDevice } from './probe-device.ts'

const forever = new AbortController().signal
const within = (timeoutMs: number, signal: AbortSignal = forever): TransferOptions => ({ timeoutMs, signal })
const ask = (request: number, value = 0): ControlSetup => ({ requestType: 0xc0, request, value, index: 0 })
const tell = (request: number): ControlSetup => ({ requestType: 0x40, request, value: 0, index: 0 })
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 0xff)
const withCode = (code: Fault['code']) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code

async function faultOf(promise: Promise<unknown>): Promise<{ readonly fault: Fault; readonly tookMs: number }> {
  const startedAt = performance.now()
  try {
    await promise
  } catch (thrown) {
    if (thrown instanceof Fault) return { fault: thrown, tookMs: performance.now() - startedAt }
    throw thrown
  }
  throw new Error('no fault came')
}

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

let bench: Bench
let bus: UsbBus
let device: UsbDevice

before(async () => {
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  const arrival = nextEvent(bus, { kind: 'arrived' })
  await bench.plug(0)
  device = await arrival
  await device.open(forever)
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
})

describe('an enumerated device', () => {
  it('is listed with its identity, and no hub is', () => {
    const facts = bus.devices().map((each) => ({
      ids: [each.vendorId, each.productId, each.deviceRelease],
      strings: [each.manufacturerIndex, each.productIndex, each.serialNumberIndex],
    }))
    const { vendorId, productId, release } = probe
    assert.deepEqual(facts, [{ ids: [vendorId, productId, release], strings: [1, 2, 3] }])
    assert.match(device.portPath, /^\d+-1$/)
  })

  it('shows its configuration without being asked, byte for byte as it sends it', async () => {
    const setup: ControlSetup = { requestType: 0x80, request: 6, value: 0x0200, index: 0 }
    const sent = await device.controlIn(setup, 255, within(1_000))
    assert.deepEqual(device.configuration(), sent)
    assert.deepEqual(sent, probeDevice().configuration)
  })

  it('tells its strings', async () => {
    const read = (index: number): Promise<string | null> => readStringDescriptor(device, index, within(1_000))
    const texts = [await read(0), await read(device.serialNumberIndex), await read(5)]
    assert.deepEqual(texts, [null, 'E00FCE68ABCD000000000001', '@DCT Flash /0x00000000/1*016Kg \u00b5'])
    await assert.rejects(read(9), withCode('USB_STALL'))
  })
})

describe('a control transfer', () => {
  it('brings the data of the device, and no more than it sent', async () => {
    assert.deepEqual(await device.controlIn(ask(probe.count), 4_096, within(1_000)), counting(4_096))
    assert.deepEqual(await device.controlIn(ask(probe.short), 64, within(1_000)), counting(32))
  })

  it('takes data to the device, also none', async () => {
    const kept = async (): Promise<Uint8Array> => await device.controlIn(ask(probe.recall), 4_096, within(1_000))
    await device.controlOut(tell(probe.store), counting(4_096), within(1_000))
    assert.deepEqual(await kept(), counting(4_096))
    await device.controlOut(tell(probe.store), new Uint8Array(), within(1_000))
    assert.deepEqual(await kept(), new Uint8Array())
  })

  it('that stalls is USB_STALL, and the next one works', async () => {
    await assert.rejects(device.controlIn(ask(probe.stall), 8, within(1_000)), withCode('USB_STALL'))
    await assert.rejects(device.controlOut(tell(probe.stall), counting(8), within(1_000)), withCode('USB_STALL'))
    assert.equal((await device.controlIn(ask(probe.count), 8, within(1_000))).length, 8)
  })

  for (const timeoutMs of [500, 2_000]) {
    it(`without an answer is given up after ${timeoutMs} ms and no more than a tenth later`, async (t) => {
      const { fault, tookMs } = await faultOf(device.controlIn(ask(probe.silent), 8, within(timeoutMs)))
      t.diagnostic(`deadline ${timeoutMs} ms, given up after ${tookMs.toFixed(1)} ms`)
      assert.equal(fault.code, 'USB_TIMEOUT')
      assert.ok(tookMs >= timeoutMs - 2 && tookMs <= timeoutMs * 1.1, `${tookMs} ms`)
      assert.equal((await device.controlIn(ask(probe.count), 8, within(1_000))).length, 8)
    })
  }

  it('that is late, but in time, is no fault', async () => {
    assert.equal((await device.controlIn(ask(probe.late, 300), 8, within(1_000))).length, 8)
  })

  it('ends when it is aborted', async () => {
    const stop = new AbortController()
    const transfer = faultOf(device.controlIn(ask(probe.silent), 8, within(10_000, stop.signal)))
    await systemClock.sleep(100)
    stop.abort()
    const { fault, tookMs } = await transfer
    assert.equal(fault.code, 'JOB_ABORTED')
    assert.ok(tookMs < 300, `${tookMs} ms`)
  })

  it('brings its answer two thousand times in a row', async (t) => {
    const count = 2_000
    const startedAt = performance.now()
    for (let done = 0; done < count; done += 1) {
      assert.equal((await device.controlIn(ask(probe.count), 8, within(1_000))).length, 8)
    }
    const perSecond = (count / (performance.now() - startedAt)) * 1_000
    t.diagnostic(`${perSecond.toFixed(0)} transfers a second, one device`)
  })
})

describe('an interface', () => {
  it('is claimed by its number, switched and released', async () => {
    const alternate = async (): Promise<number | undefined> =>
      (await device.controlIn(ask(probe.alternate), 1, within(1_000)))[0]
    await device.claim(0)
    await device.claim(2)
    await device.selectAlternate(0, 1)
    assert.equal(await alternate(), 1)
    await device.selectAlternate(0, 0)
    assert.equal(await alternate(), 0)
    await device.release(2)
    await device.release(0)
  })

  it('or alternate that does not exist is USB_FAILED', async () => {
    await assert.rejects(device.claim(1), withCode('USB_FAILED'))
    await device.claim(0)
    await assert.rejects(device.selectAlternate(0, 7), withCode('USB_FAILED'))
    await device.release(0)
  })

  it('that another program holds is USB_BUSY', async () => {
    const holder = fork(join(import.meta.dirname, 'holder-process.ts'))
    const ended = once(holder, 'exit')
    assert.deepEqual((await once(holder, 'message'))[0], 'held')
    await assert.rejects(device.claim(0), withCode('USB_BUSY'))
    holder.disconnect()
    assert.deepEqual((await ended)[0], 0)
    await device.claim(0)
    await device.release(0)
  })
})

describe('a bus reset', () => {
  it('leaves the device usable', async () => {
    await device.reset()
    assert.equal((await device.controlIn(ask(probe.count), 8, within(1_000))).length, 8)
  })
})

describe('a device that leaves', () => {
  it('ends what is pending with USB_GONE, and comes back on the same port under another product id', async () => {
    const pending = faultOf(device.controlIn(ask(probe.silent), 8, within(20_000)))
    const leaving = nextEvent(bus, { kind: 'left', portPath: device.portPath })
    await systemClock.sleep(100)
    await bench.unplug(0)
    const { fault, tookMs } = await pending
    assert.equal(fault.code, 'USB_GONE')
    assert.ok(tookMs < 1_500, `${tookMs} ms`)
    assert.equal(await leaving, device)
    await assert.rejects(device.controlIn(ask(probe.count), 8, within(1_000)), withCode('USB_GONE'))
    await device.close()

    const arrival = nextEvent(bus, { kind: 'arrived', portPath: device.portPath })
    await bench.plug(0, 0xd00d)
    const again = await arrival
    assert.equal(again.productId, 0xd00d)
    assert.notEqual(again.deviceAddress, device.deviceAddress)
    device = again
    await device.open(forever)
    assert.equal((await device.controlIn(ask(probe.count), 8, within(1_000))).length, 8)
  })
})

describe('closing', () => {
  it('waits for the pending transfer, and twice is harmless', async () => {
    const pending = faultOf(device.controlIn(ask(probe.silent), 8, within(300)))
    await Promise.all([device.close(), device.close()])
    assert.equal((await pending).fault.code, 'USB_TIMEOUT')
    await assert.rejects(device.controlIn(ask(probe.count), 8, within(1_000)), withCode('INTERNAL'))
    await device.open(forever)
  })

  it('and opening again, 50 times with claimed interfaces, leaks no descriptor', async (t) => {
    await device.close()
    const before = openDescriptors()
    for (let cycle = 0; cycle < 50; cycle += 1) {
      await device.open(forever)
      await device.claim(0)
      await device.selectAlternate(0, 1)
      await device.controlIn(ask(probe.count), 64, within(1_000))
      await device.close()
    }
    t.diagnostic(`descriptors before ${before}, after 50 cycles ${openDescriptors()}`)
    assert.equal(openDescriptors(), before)
    await device.open(forever)
  })
})

describe('eight devices', () => {
  it('arrive, answer side by side while one is silent, and leave', async (t) => {
    const ports = [1, 2, 3, 4, 5, 6, 7]
    const arrivals: UsbDevice[] = []
    const stop = bus.watch(({ kind, device: arrived }) => {
      if (kind === 'arrived') arrivals.push(arrived)
    })
    const startedAt = performance.now()
    for (const port of ports) await bench.plug(port)
    await until(() => arrivals.length === ports.length)
    t.diagnostic(`7 devices arrived in ${(performance.now() - startedAt).toFixed(0)} ms`)
    stop()
    for (const each of arrivals) await each.open(forever)
    const silent = faultOf(device.controlIn(ask(probe.silent), 8, within(1_000)))
    const lateAt = performance.now()
    const late = arrivals.map((each) => each.controlIn(ask(probe.late, 100), 8, within(1_000)))
    assert.deepEqual(
      (await Promise.all(late)).map((data) => data.length),
      ports.map(() => 8),
    )
    const tookMs = performance.now() - lateAt
    t.diagnostic(`7 answers of 100 ms, side by side, took ${tookMs.toFixed(0)} ms`)
    assert.ok(tookMs < 400, `${tookMs} ms`)
    assert.equal((await silent).fault.code, 'USB_TIMEOUT')
    assert.equal(new Set(bus.devices().map(({ portPath }) => portPath)).size, 8)
    for (const port of ports) await bench.unplug(port)
    await until(() => bus.devices().length === 1)
  })
})

describe('the end of the bus', () => {
  it('cancels what is pending and closes what is open', async () => {
    const pending = faultOf(device.controlIn(ask(probe.silent), 8, within(20_000)))
    await bus[Symbol.asyncDispose]()
    const { fault, tookMs } = await pending
    assert.equal(fault.code, 'JOB_ABORTED')
    assert.ok(tookMs < 500, `${tookMs} ms`)
    assert.deepEqual(bus.devices(), [])
  })
})
