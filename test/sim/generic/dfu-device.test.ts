import { describe, expect, it } from 'vitest'
import { withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { noise } from '../../../src/main/sim/synthetic/noise.ts'
import { arrival } from '../dfu-host.ts'
import { dfuBench, openLoader } from './dfu-bench.ts'

const normalId = 0x0001
const dfuId = 0x0002
const image = noise('image', 10_000)
const ids = { vendorId: 0x1209, productId: dfuId }
const ours = withHeader({ ids, release: 0x0234 }, noise('payload', 9_000))
const inLoader = (device: object) => dfuBench({ start: 'dfu', device })

describe('a plain DFU device', () => {
  it('runs its program, and shows beside it that it can be updated', async () => {
    const { bus, device } = dfuBench()
    const usb = await arrival(bus)
    expect([usb.vendorId, usb.productId, device.mode()]).toEqual([0x1209, normalId, 'normal'])
    const bytes = [...usb.configuration()]
    expect(bytes.slice(0, 5)).toEqual([9, 2, 36, 0, 2])
    expect(bytes.slice(18, 27)).toEqual([9, 4, 1, 0, 0, 0xfe, 1, 1, 5])
    expect(bytes.slice(27)).toEqual([9, 0x21, 0x0b, 0xe8, 3, 0, 4, 0x10, 1])
  })

  it('detaches by itself where its descriptor says so, and comes back in its loader', async () => {
    const bench = dfuBench()
    const host = await openLoader(bench, 1)
    await host.out(0, 1000)
    expect(await host.next()).toMatchObject({ vendorId: 0x1209, productId: dfuId })
  })

  it('waits for the bus reset where it does not, but not for ever', async () => {
    const bench = dfuBench({ device: { attributes: ['download'], detachTimeoutMs: 500 } })
    const host = await openLoader(bench, 1)
    await host.out(0, 1000)
    expect((await host.status()).state).toBe(1)
    await bench.clock.sleep(501)
    expect((await host.status()).state).toBe(0)
    await host.usb.reset()
    expect(bench.device.mode()).toBe('normal')
    await host.out(0, 1000)
    await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    expect((await arrival(bench.bus)).productId).toBe(dfuId)
  })

  it('is written block by block, read back, and runs its new program', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    const last = await host.download(image)
    expect(last).toMatchObject({ status: 0, state: 8 })
    expect((await host.next()).productId).toBe(normalId)
    expect(Buffer.from(bench.device.memory(0).subarray(0, image.length)).equals(image)).toBe(true)
  })

  it('shows the release of the program that it runs, and of its loader', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    expect(host.usb.deviceRelease).toBe(0x0100)
    await host.download(ours)
    expect((await host.next()).deviceRelease).toBe(0x0234)
  })

  it('runs its new program also when nobody asks any more', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    await host.block(0, image.subarray(0, 1024))
    await host.out(1, 1)
    expect((await host.status()).state).toBe(7)
    expect((await host.next()).productId).toBe(normalId)
  })

  it('goes on with its manifestation whatever the host sends then', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    await host.block(0, image.subarray(0, 1024))
    await host.out(1, 1)
    expect(await host.status()).toMatchObject({ state: 7, pollMs: 50 })
    await bench.clock.sleep(20)
    await expect(host.read(2, 0, 1024)).rejects.toThrow(/USB_STALL/)
    const { state, pollMs } = await host.status()
    expect(state).toBe(7)
    expect(pollMs).toBeLessThanOrEqual(30)
    await bench.clock.sleep(pollMs)
    expect(await host.status()).toMatchObject({ status: 0, state: 8 })
    await expect(host.out(6, 0)).rejects.toThrow(/USB_STALL/)
    expect((await host.next()).productId).toBe(normalId)
  })

  it('ends an upload with a short block', async () => {
    const bench = dfuBench({ start: 'dfu', device: { transferSizeBytes: 4096 } })
    const host = await openLoader(bench)
    const bytes = await host.upload(4096)
    expect(Buffer.from(bytes).equals(bench.device.memory(0))).toBe(true)
    expect((await host.status()).state).toBe(2)
  })

  it('takes the time that flash takes, and tells it', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    await host.out(1, 0, image.subarray(0, 1024))
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs: 34 })
    await bench.clock.sleep(34)
    expect(await host.status()).toEqual({ status: 0, state: 5, pollMs: 0 })
    await host.out(1, 1, image.subarray(1024, 2048))
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs: 14 })
    const { eraseMs, programMs, sectorsErased } = bench.device.account()
    expect([eraseMs, programMs, sectorsErased]).toEqual([20, 14, 1])
  })

  it('does not suffer a host that asks before its time', async () => {
    const host = await openLoader(dfuBench({ start: 'dfu' }))
    await host.out(1, 0, image.subarray(0, 1024))
    await host.status()
    await expect(host.status()).rejects.toThrow(/USB_STALL/)
    expect(await host.status()).toMatchObject({ state: 10, status: 0x0f })
    await host.out(4, 0)
    expect(await host.status()).toMatchObject({ state: 2, status: 0 })
  })

  it('that tolerates manifestation stays in its loader, ready, until the bus is reset', async () => {
    const bench = inLoader({ attributes: ['download', 'upload', 'manifestation-tolerant'] })
    const host = await openLoader(bench)
    expect(await host.download(image)).toMatchObject({ status: 0, state: 2 })
    await bench.clock.sleep(60_000)
    await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    expect((await arrival(bench.bus)).productId).toBe(normalId)
  })

  it('that has nothing to do in a manifestation is ready at once', async () => {
    const attributes = ['download', 'upload', 'manifestation-tolerant']
    const host = await openLoader(inLoader({ attributes, manifestMs: 0, checksImages: true }))
    await host.block(0, ours.subarray(0, 1024))
    await host.out(6, 0)
    for (let at = 0; at < ours.length; at += 1024) await host.block(at / 1024, ours.subarray(at, at + 1024))
    await host.out(1, 9)
    expect(await host.status()).toEqual({ status: 0, state: 2, pollMs: 0 })
    const damaged = Uint8Array.from(ours)
    damaged[5000] = ~(damaged[5000] ?? 0)
    expect(await host.download(damaged)).toMatchObject({ status: 0x0a, state: 10 })
  })

  it('that does not start by itself waits for the bus reset', async () => {
    const bench = inLoader({ returnsByItself: false })
    const host = await openLoader(bench)
    expect(await host.download(image)).toMatchObject({ state: 8 })
    await bench.clock.sleep(60_000)
    expect(await host.status()).toMatchObject({ state: 8 })
    await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    expect((await arrival(bench.bus)).productId).toBe(normalId)
  })

  it('has a memory behind each alternate setting', async () => {
    const memories = [{}, { name: 'Settings', sizeBytes: 4096, pageBytes: 512 }]
    const bench = inLoader({ memories, attributes: ['download', 'upload', 'manifestation-tolerant'] })
    const host = await openLoader(bench)
    await host.usb.selectAlternate(0, 1)
    await host.download(image.subarray(0, 3000))
    expect((await host.upload()).length).toBe(4096)
    expect(Buffer.from(bench.device.memory(1).subarray(0, 3000)).equals(image.subarray(0, 3000))).toBe(true)
    await expect(host.usb.selectAlternate(0, 2)).rejects.toThrow(/USB_STALL/)
  })

  it('works as many times as fast as its bench, and tells the host so', async () => {
    const host = await openLoader(dfuBench({ start: 'dfu' }, 10))
    await host.out(1, 0, image.subarray(0, 1024))
    expect(await host.status()).toMatchObject({ state: 4, pollMs: 4 })
  })

  it('needs no time on a bench without time', async () => {
    const bench = dfuBench({ device: { returnsByItself: false } }, 0)
    const program = await openLoader(bench, 1)
    await program.out(0, 1000)
    await program.next()
    const host = await openLoader(bench)
    expect(await host.download(image)).toMatchObject({ status: 0, state: 8 })
    await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    expect((await arrival(bench.bus)).productId).toBe(normalId)
  })
})

describe('a loader refuses', () => {
  it('an image that is larger than its memory: errADDRESS', async () => {
    const bench = inLoader({ memories: [{ sizeBytes: 8192 }] })
    const host = await openLoader(bench)
    expect(await host.download(image)).toMatchObject({ status: 0x08, state: 10 })
  })

  it('what has no header of its own, where it checks: errFILE, with nothing written', async () => {
    const bench = inLoader({ checksImages: true })
    const before = Buffer.from(bench.device.memory(0))
    const host = await openLoader(bench)
    expect(await host.download(image)).toMatchObject({ status: 0x02, state: 10 })
    expect(before.equals(bench.device.memory(0))).toBe(true)
  })

  it("another product's image: errTARGET", async () => {
    const host = await openLoader(inLoader({ checksImages: true }))
    const theirs = withHeader({ ids: { ...ids, productId: 0x0007 }, release: 1 }, image)
    expect(await host.download(theirs)).toMatchObject({ status: 0x01, state: 10 })
  })

  it('the end of a download that is not whole: errNOTDONE', async () => {
    const host = await openLoader(inLoader({ checksImages: true }))
    await host.block(0, ours.subarray(0, 1024))
    await expect(host.out(1, 1)).rejects.toThrow(/USB_STALL/)
    expect(await host.status()).toMatchObject({ status: 0x09, state: 10 })
  })

  it('a damaged image, and stays in its loader with that: errFIRMWARE', async () => {
    const bench = inLoader({ checksImages: true })
    const damaged = Uint8Array.from(ours)
    damaged[5000] = ~(damaged[5000] ?? 0)
    const host = await openLoader(bench)
    expect(await host.download(damaged)).toMatchObject({ status: 0x0a, state: 10 })
    bench.bus.unplug(bench.portPath)
    bench.bus.plug(bench.portPath, bench.device)
    const again = await openLoader(bench)
    expect([again.usb.productId, await again.status()]).toEqual([dfuId, { status: 0x0a, state: 10, pollMs: 0 }])
    await again.out(4, 0)
    expect(await again.download(ours)).toMatchObject({ status: 0, state: 8 })
    expect((await again.next()).productId).toBe(normalId)
  })

  it('a block that it is told to find bad, with any status', async () => {
    const host = await openLoader(inLoader({ refusal: { block: 3, status: 'errVerify' } }))
    expect(await host.download(image)).toMatchObject({ status: 0x07, state: 10 })
  })

  it.each([
    ['an empty download', [1, 0, 0]],
    ['DFU_DETACH in its loader', [0, 0, 0]],
    ['CLRSTATUS without an error', [4, 0, 0]],
    ['a block larger than it said', [1, 0, 1025]],
    ['a request that DFU does not have', [9, 0, 0]],
  ])('%s: errSTALLEDPKT', async (_, [request = 0, value = 0, lengthBytes = 0]) => {
    const host = await openLoader(inLoader({}))
    await expect(host.out(request, value, new Uint8Array(lengthBytes))).rejects.toThrow(/USB_STALL/)
    expect(await host.status()).toMatchObject({ status: 0x0f, state: 10 })
  })

  it('what its attributes do not offer', async () => {
    const host = await openLoader(inLoader({ attributes: [] }))
    await expect(host.out(1, 0, image.subarray(0, 64))).rejects.toThrow(/USB_STALL/)
    await host.out(4, 0)
    await expect(host.read(2, 0, 64)).rejects.toThrow(/USB_STALL/)
  })

  it('requests to an interface that has no DFU', async () => {
    const bench = dfuBench()
    const host = await openLoader(bench, 0)
    await expect(host.out(0, 1000)).rejects.toThrow(/USB_STALL/)
    await bench.clock.sleep(5000)
    expect(bench.device.mode()).toBe('normal')
  })
})

describe('a download that is cut off', () => {
  it.each([
    ['by power', 0x0d],
    ['by a bus reset', 0x0c],
  ])('%s leaves a device that says so and can be written again', async (how, status) => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    await host.block(0, image.subarray(0, 1024))
    await host.out(1, 1, image.subarray(1024, 2048))
    if (how === 'by power') {
      bench.bus.unplug(bench.portPath)
      bench.bus.plug(bench.portPath, bench.device)
    } else {
      await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    }
    const again = await openLoader(bench)
    expect(await again.status()).toMatchObject({ status, state: 10 })
    await again.out(4, 0)
    expect(await again.download(image)).toMatchObject({ status: 0, state: 8 })
    expect((await again.next()).productId).toBe(normalId)
  })

  it('by ABORT leaves a program that is not started', async () => {
    const bench = inLoader({})
    const host = await openLoader(bench)
    await host.block(0, image.subarray(0, 1024))
    await host.out(6, 0)
    expect(await host.status()).toMatchObject({ status: 0, state: 2 })
    await expect(host.usb.reset()).rejects.toThrow(/USB_GONE/)
    const again = await openLoader(bench)
    expect(await again.status()).toMatchObject({ status: 0x0a, state: 10 })
  })

  it('in the middle of a page leaves half of it', async () => {
    const bench = dfuBench({ start: 'dfu' })
    const host = await openLoader(bench)
    await host.out(1, 0, image.subarray(0, 1024))
    await host.status()
    bench.bus.unplug(bench.portPath)
    const memory = bench.device.memory(0)
    expect(Buffer.from(memory.subarray(0, 512)).equals(image.subarray(0, 512))).toBe(true)
    expect(memory.subarray(512, 2048).every((byte) => byte === 0xff)).toBe(true)
  })
})
