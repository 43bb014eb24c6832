// The kinds of plain devices: what a host that keeps to the standard makes of each, and what it cannot know.
import { describe, expect, it } from 'vitest'
import { parseBenchFile, parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { type DeviceKindName, deviceKindNames, deviceKinds } from '../../../src/main/sim/generic/device-kinds.ts'
import { createBench } from '../../../src/main/sim/simulated-bench.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { arrival, limits } from '../dfu-host.ts'
import { imageFor } from './device-images.ts'
import { openLoader } from './dfu-bench.ts'
import { kindBench } from './kind-bench.ts'
import { flash } from './reference-flash.ts'
import type { Quirk } from './reference-host.ts'

const withRuntime = ['download', 'upload', 'manifestation-tolerant', 'will-detach']

describe('every kind', () => {
  it('has a short name and comes onto the bus', async () => {
    const bus = createBench(parseBenchSpec(deviceKindNames.join(',')), { clock: createVirtualClock(), speed: 0 })
    const arrived = new Promise<void>((resolve) => {
      bus.watch(() => bus.devices().length === deviceKindNames.length && resolve())
    })
    await arrived
    await bus[Symbol.asyncDispose]()
  })

  it('has ids that belong to no product, but for those that stand for one', () => {
    for (const name of deviceKindNames) {
      const { profile } = deviceKinds[name]
      const ids = profile.protocol === 'none' ? [profile.ids] : Object.values(profile.ids)
      const free = ids.filter(({ vendorId, productId }) => vendorId === 0x1209 && productId < 0x1000)
      const isProduct = name.startsWith('quirk-') || name.startsWith('stm32')
      expect(free.length, name).toBeGreaterThanOrEqual(isProduct ? 0 : ids.length)
    }
  })

  it.each([
    ['none', 0, null],
    ['same', 3, '000000000001'],
    ['LAMP-7', 3, 'LAMP-7'],
  ])('may say %s for its serial number', async (serial, index, text) => {
    const bench = kindBench('dfu', { serial })
    const usb = await arrival(bench.bus)
    expect([usb.serialNumberIndex, bench.device.spec.serialNumber]).toEqual([index, text])
  })

  it('has a serial number of its own when nobody says another, but the GD32, who all say the same', () => {
    const specs = parseBenchSpec('dfu:3,stm32:3,quirk-gd32:2').flatMap((placed) =>
      placed.kind === 'dfu-device' ? [placed.spec.serialNumber] : [],
    )
    expect(new Set(specs).size).toBe(7)
    expect(specs.slice(-2)).toEqual(['3CBJ', '3CBJ'])
  })
})

describe('a host that keeps to the standard flashes', () => {
  it.each([
    ...(['dfu', 'dfu-tolerant', 'dfu-nontolerant', 'dfu-noupload', 'dfu-10', 'dfu-two'] as const),
    ...(['dfu-wrong-descriptor', 'dfu-wrong-short', 'dfu-wrong-zero', 'dfu-wrong-missing'] as const),
    ...(['dfu-wrong-place', 'dfu-wrong-version', 'laptop-bluetooth'] as const),
    ...(['stm32', 'stm32-f0', 'stm32-l4', 'stm32-f745'] as const),
  ])('%s, and it runs its new version', async (kind) => {
    const bench = kindBench(kind)
    const image = imageFor(kind)
    await flash(bench, image)
    const { bytes, memory, ids, release } = image
    expect(Buffer.from(bench.device.memory(memory).subarray(0, bytes.length)).equals(bytes)).toBe(true)
    expect(bench.bus.devices()[0]).toMatchObject({ ...ids.normal, deviceRelease: release })
  })

  it.each<[DeviceKindName, readonly Quirk[]]>([
    ['dfu-wrong-protocol', ['force-dfu-mode']],
    ['dfu-wrong-class', ['use-any-interface']],
    ['dfu-liar-minute', ['ignore-polltimeout']],
    ['dfu-liar-most', ['ignore-polltimeout']],
  ])('%s only with %s', async (kind, quirks) => {
    await expect(flash(kindBench(kind, { start: 'dfu' }), imageFor(kind))).rejects.toThrow(
      /too long|USB_STALL|no DFU interface/,
    )
    await flash(kindBench(kind, { start: 'dfu' }), imageFor(kind), quirks)
  })
})

describe('a liar', () => {
  it('says 0 and is busy, stalls whoever asks meanwhile, and takes no offence', async () => {
    const bench = kindBench('dfu-liar', { start: 'dfu' })
    const host = await openLoader(bench)
    await host.out(1, 0, new Uint8Array(1024))
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs: 0 })
    await expect(host.status()).rejects.toThrow(/USB_STALL/)
    await expect(host.out(6, 0)).rejects.toThrow(/USB_STALL/)
    await bench.clock.sleep(34)
    expect(await host.status()).toEqual({ status: 0, state: 5, pollMs: 0 })
  })

  it.each([
    ['dfu-liar-minute', 60_000],
    ['dfu-liar-most', 0xffffff],
  ] as const)('%s says so when it has long been done', async (kind, pollMs) => {
    const bench = kindBench(kind, { start: 'dfu' })
    const host = await openLoader(bench)
    await host.out(1, 0, new Uint8Array(1024))
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs })
    await bench.clock.sleep(20)
    expect(await host.status()).toMatchObject({ state: 4 })
    await bench.clock.sleep(20)
    expect(await host.status()).toMatchObject({ status: 0, state: 5 })
  })
})

describe('what only reading back finds', () => {
  it.each(['dfu-deaf', 'dfu-flipper', 'stm32-deaf', 'stm32-flipper'] as const)('%s', async (kind) => {
    const isSt = kind.startsWith('stm32')
    const bench = kindBench(kind, isSt ? {} : { device: { attributes: withRuntime } })
    await expect(flash(bench, imageFor(kind))).rejects.toThrow(/other bytes/)
  })

  it('a deaf device says OK to the end and still runs what it had', async () => {
    const bench = kindBench('dfu-deaf')
    const before = Buffer.from(bench.device.memory(0))
    await flash(bench, imageFor('dfu-deaf', { release: 0x0999 }))
    expect(before.equals(bench.device.memory(0))).toBe(true)
    expect(bench.bus.devices()[0]?.deviceRelease).toBe(0x0100)
  })

  it('a device that flips has one byte that is another', async () => {
    const bench = kindBench('dfu-flipper')
    const { bytes } = imageFor('dfu-flipper')
    await flash(bench, imageFor('dfu-flipper'))
    const held = bench.device.memory(0)
    expect([...bytes.keys()].filter((at) => held[at] !== bytes[at])).toEqual([1023])
  })
})

describe('two interfaces', () => {
  it('are each a loader of their own', async () => {
    const bench = kindBench('dfu-two', { start: 'dfu' })
    const host = await openLoader(bench)
    await host.usb.claim(1)
    const bytes = [...host.usb.configuration()]
    expect(bytes[4]).toBe(2)
    const radio = (request: number, value: number, data = new Uint8Array()) =>
      host.usb.controlOut({ requestType: 0x21, request, value, index: 1 }, data, limits)
    const radioStatus = () => host.usb.controlIn({ requestType: 0xa1, request: 3, value: 0, index: 1 }, 6, limits)
    await radio(1, 0, new Uint8Array(100).fill(7))
    expect((await radioStatus())[4]).toBe(4)
    expect((await host.status()).state).toBe(2)
    await bench.clock.sleep(50)
    expect((await radioStatus())[4]).toBe(5)
    expect(bench.device.memory(2).subarray(0, 101)).toEqual(Uint8Array.from([...new Array(100).fill(7), 0xff]))
    await host.usb.selectAlternate(0, 1)
    await expect(host.usb.selectAlternate(1, 1)).rejects.toThrow(/USB_STALL/)
  })
})

describe('block numbers', () => {
  it('wrap after 65536 blocks, and the bytes go on', async () => {
    const memories = [{ sizeBytes: 4_259_840, pageBytes: 4096, eraseMsPerPage: 0, programMsPerKib: 0 }]
    const bench = kindBench('dfu', { start: 'dfu', speed: 0, device: { transferSizeBytes: 64, memories } })
    const host = await openLoader(bench)
    const image = new Uint8Array(65_538 * 64)
    for (let at = 0; at < image.length; at += 64) image.fill((at / 64) % 251, at, at + 64)
    const state = { last: 0 }
    for (let block = 0; block < 65_538; block += 1) {
      await host.out(1, block & 0xffff, image.subarray(block * 64, block * 64 + 64))
      await host.status()
      state.last = (await host.status()).state
    }
    expect(state.last).toBe(5)
    expect(Buffer.from(bench.device.memory(0).subarray(0, image.length)).equals(image)).toBe(true)
  }, 60_000)
})

describe('bystanders', () => {
  it('a mouse is a mouse', async () => {
    const bench = kindBench('mouse')
    const usb = await arrival(bench.bus)
    const bytes = [...usb.configuration()]
    expect(bytes.slice(9, 18)).toEqual([9, 4, 0, 0, 1, 3, 1, 2, 0])
    expect(bytes.slice(18, 27)).toEqual([9, 0x21, 0x11, 1, 0, 1, 0x22, 50, 0])
    await usb.open(limits.signal)
    const report = await usb.controlIn({ requestType: 0x81, request: 6, value: 0x2200, index: 0 }, 255, limits)
    expect(report).toHaveLength(50)
  })

  it('a Bluetooth controller has a DFU interface, and counts whoever touches it', async () => {
    const bench = kindBench('laptop-bluetooth')
    const usb = await arrival(bench.bus)
    usb.configuration()
    expect(bench.device.contacts()).toEqual({ opens: 0, selections: 0, requests: 0, resets: 0 })
    await usb.open(limits.signal)
    await usb.controlIn({ requestType: 0x80, request: 6, value: 0x0100, index: 0 }, 18, limits)
    expect(bench.device.contacts()).toEqual({ opens: 1, selections: 0, requests: 0, resets: 0 })
    await usb.claim(1)
    await usb.controlIn({ requestType: 0xa1, request: 3, value: 0, index: 1 }, 6, limits)
    await usb.selectAlternate(1, 0)
    await usb.reset()
    expect(bench.device.contacts()).toEqual({ opens: 1, selections: 1, requests: 1, resets: 1 })
  })
})

describe('a bench file', () => {
  const file = (entry: object) =>
    parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards: [entry] }))

  it('words the oddities of a plain device', () => {
    const device = { oddities: { poll: 'most', early: 'busy' }, descriptor: { form: 'short' }, program: 'no-dfu' }
    expect(file({ platform: 'dfu-tolerant', device })[0]).toMatchObject({
      spec: {
        kind: 'dfu-tolerant',
        profile: {
          productName: 'Tolerant Device',
          oddities: { poll: 'most', early: 'busy', wayBack: 'bus-reset' },
          descriptor: { form: 'short', place: 'last' },
          program: 'no-dfu',
        },
      },
    })
  })

  it('words an STM32', () => {
    const device = { chip: 'l4', program: 'dfu-runtime', release: 0x0101, readProtected: true, normalId: '1209:0009' }
    expect(file({ platform: 'stm32', start: 'normal', serial: 'same', device })[0]).toMatchObject({
      spec: {
        start: 'normal',
        serialNumber: '000000000001',
        profile: {
          chip: 'l4',
          program: 'dfu-runtime',
          deviceRelease: 0x0101,
          isReadProtected: true,
          ids: { normal: { productId: 9 }, dfu: { vendorId: 0x0483, productId: 0xdf11 } },
        },
      },
    })
  })

  it.each([
    ['what an STM32 has not', { platform: 'stm32', device: { transferSizeBytes: 64 } }, /transferSizeBytes/],
    ['another chip', { platform: 'stm32', device: { chip: 'z80' } }, /chip/],
    ['what a mouse has not', { platform: 'mouse', device: { chip: 'f4' } }, /device/],
    ['an oddity that nobody has', { platform: 'dfu', device: { oddities: { mood: 'bad' } } }, /mood/],
  ])('refuses %s', (_, entry, message) => {
    expect(() => file(entry)).toThrow(message)
  })
})
