import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { NativeUsbBus } from '../../../src/main/station/usb/native-bus.ts'
import { FakeDevice, type FakePlace, FakeUsb, journalLog } from './fake-native.ts'

function benchOf(...places: readonly FakePlace[]) {
  const clock = createVirtualClock()
  const usb = new FakeUsb()
  usb.present = places.map((place) => new FakeDevice(place))
  const complaints: string[] = []
  const bus = new NativeUsbBus({ usb, clock, log: journalLog(complaints) })
  const news: string[] = []
  bus.watch(({ kind, device }) => news.push(`${kind} ${device.portPath}`))
  const paths = (): readonly string[] => bus.devices().map(({ portPath }) => portPath)
  return { clock, usb, complaints, bus, news, paths, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
}

describe('the bus', () => {
  it('lists what was plugged in before, without events', async () => {
    await using bench = benchOf({ portNumbers: [1] }, { portNumbers: [2, 3] })
    expect(bench.paths()).toEqual(['2-1', '2-2.3'])
    expect(bench.news).toEqual([])
  })

  it('knows no hubs and nothing without a port', async () => {
    await using bench = benchOf(
      { deviceClass: 9 },
      { portNumbers: undefined },
      { portNumbers: [] },
      { portNumbers: [5] },
    )
    expect(bench.paths()).toEqual(['2-5'])
  })

  it('tells the facts of a device', async () => {
    await using bench = benchOf({})
    const strings = { manufacturerIndex: 1, productIndex: 2, serialNumberIndex: 3 }
    const facts = { deviceAddress: 5, vendorId: 0x2b04, productId: 0xd00d, deviceRelease: 0x0102, ...strings }
    expect(bench.bus.devices()[0]).toMatchObject(facts)
    expect(() => bench.bus.devices()[0]?.configuration()).toThrow('configuration descriptor: none')
  })

  it('lists again at a hint, and tells who left before who arrived', async () => {
    await using bench = benchOf({ portNumbers: [1] }, { portNumbers: [2] })
    const stayed = bench.bus.devices()[1]
    bench.usb.present = [new FakeDevice({ portNumbers: [1] }), bench.usb.present[1] as FakeDevice]
    bench.usb.hint?.()
    bench.usb.hint?.()
    expect(bench.news).toEqual(['left 2-1', 'arrived 2-1'])
    expect(bench.bus.devices()).toContain(stayed)
  })

  it('believes the listing, not the hint', async () => {
    await using bench = benchOf({ portNumbers: [1] })
    bench.usb.hint?.()
    expect(bench.news).toEqual([])
  })

  it('finds what no hint told within seconds', async () => {
    await using bench = benchOf()
    bench.usb.present = [new FakeDevice()]
    await bench.clock.sleep(3_001)
    expect(bench.news).toEqual(['arrived 2-1.4'])
  })

  it('keeps what it knows while listing fails, and says so', async () => {
    await using bench = benchOf({ portNumbers: [1] })
    bench.usb.listError = new Error('LIBUSB_ERROR_NO_MEM')
    bench.usb.hint?.()
    expect(bench.paths()).toEqual(['2-1'])
    expect(bench.complaints).toEqual([expect.stringContaining('LIBUSB_ERROR_NO_MEM')])
  })

  it('tells every listener, also after one that throws, and none that stopped', async () => {
    await using bench = benchOf()
    const heard: string[] = []
    bench.bus.watch(() => {
      throw new Error('listener')
    })
    bench.bus.watch(() => heard.push('last'))
    bench.bus.watch(() => heard.push('stopped'))()
    bench.usb.present = [new FakeDevice()]
    bench.usb.hint?.()
    expect(heard).toEqual(['last'])
    expect(bench.complaints).toEqual([expect.stringContaining('listener')])
  })

  it('at its end cancels what is pending, closes what is open and hears no more hints', async () => {
    await using bench = benchOf({})
    const native = bench.usb.present[0] as FakeDevice
    const device = bench.bus.devices()[0]
    const signal = new AbortController().signal
    await device?.open(signal)
    const setup = { requestType: 0x80, request: 0, value: 0, index: 0 }
    const pending = device?.controlIn(setup, 2, { timeoutMs: 60_000, signal })
    await Promise.all([
      expect(pending).rejects.toMatchObject({ code: 'JOB_ABORTED' }),
      bench.bus[Symbol.asyncDispose](),
    ])
    expect(native.journal).toEqual(['open', 'cancel', 'close'])
    expect(bench.usb.hint).toBeNull()
    expect(bench.paths()).toEqual([])
  })
})
