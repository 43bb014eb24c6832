// The engine against the product's simulated DFU devices: an independent reading of the standard.
import { describe, expect, it } from 'vitest'
import { detach } from '../../../src/main/station/dfu/detach.ts'
import { readDfuFacts } from '../../../src/main/station/dfu/facts.ts'
import { plainHabits } from '../../../src/main/station/dfu/habits.ts'
import { openLoader } from '../../../src/main/station/dfu/loader-session.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { arrival, departure } from '../../sim/dfu-host.ts'
import { dfuBench } from '../../sim/generic/dfu-bench.ts'
import { noise } from './boards.ts'

const never = new AbortController().signal

describe.each([
  [
    'that goes back by itself',
    { attributes: ['download', 'upload', 'will-detach'], returnsByItself: true },
    'wait-reset',
  ],
  [
    'that waits for a bus reset',
    { attributes: ['download', 'upload', 'will-detach'], returnsByItself: false },
    'wait-reset',
  ],
  [
    'that tolerates its manifestation',
    { attributes: ['download', 'upload', 'manifestation-tolerant', 'will-detach'] },
    'idle',
  ],
] as const)('a simulated plain DFU device %s', (_, device, ended) => {
  it('is detached, written, read back and left', async () => {
    const bench = dfuBench({ start: 'normal', device })
    const { clock, bus } = bench
    const options = { clock, signal: never, habits: plainHabits }
    const program = await arrival(bus)
    expect(readDfuFacts(program, plainHabits)).toMatchObject({ mode: 'normal', transferBytes: 1024, version: 0x0110 })
    expect(await detach(program, options)).toEqual({ how: 'by itself' })
    const image = noise(33_333)
    let usb: UsbDevice = await arrival(bus)
    let loader = await openLoader(usb, options)
    expect(loader).toMatchObject({ protocol: 'dfu', canUpload: true, transferBytes: 1024 })
    const report = await loader.write({ alternate: 0, address: null, data: image, erase: true })
    expect(report).toMatchObject({ ended, writtenBytes: 33_333, isConfirmed: true })
    if (ended !== 'idle') {
      const left = departure(bus, usb)
      await loader.reset()
      await loader.close()
      await left
      usb = await arrival(bus)
      await detach(usb, options)
      loader = await openLoader(await arrival(bus), options)
    }
    expect(await loader.compare({ alternate: 0, address: null, expected: image })).toMatchObject({ equal: true })
    image[20_000] = (image[20_000] ?? 0) ^ 1
    const differs = await loader.compare({ alternate: 0, address: null, expected: image })
    expect(differs).toMatchObject({ equal: false, firstDifference: 20_000, bytesRead: 33_333 })
    const early = await loader.compare({ alternate: 0, address: null, expected: image, stopEarly: true })
    expect(early).toMatchObject({ equal: false, firstDifference: 20_000, bytesRead: 20_480, sha256: null })
    const all = await loader.read({ alternate: 0, address: null, sizeBytes: null })
    expect(all).toEqual(Buffer.from(bench.device.memory(0)))
    expect(await loader.leave(null)).toMatchObject({ how: 'bus reset' })
    await loader.close()
    expect((await arrival(bus)).productId).toBe(1)
  })
})
