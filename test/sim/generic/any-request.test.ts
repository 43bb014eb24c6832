// What holds for every kind of device whatever a host sends to it: it answers or stalls, its time goes on, and it never
// breaks the bus.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceKindNames } from '../../../src/main/sim/generic/device-kinds.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { arrival, limits } from '../dfu-host.ts'
import { kindBench } from './kind-bench.ts'

const anyRequest = fc.record({
  isIn: fc.boolean(),
  // DETACH to ABORT, and one that DFU does not have.
  request: fc.nat(7),
  value: fc.oneof(fc.nat(4), fc.nat(0xffff)),
  index: fc.oneof(fc.nat(1), fc.constant(0x100), fc.nat(0xffff)),
  data: fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .constantFrom([0x21, 0, 0, 0, 8], [0x41, 0, 0, 0, 8], [0x41], [0x92], [0x21, 0, 0xc0, 0xff, 0x1f])
      .map((bytes) => Uint8Array.from(bytes)),
  ),
  next: fc.constantFrom('nothing', 'wait', 'reset', 'alternate', 'button', 'power'),
})

type Act = typeof anyRequest extends fc.Arbitrary<infer T> ? T : never

async function play(kind: (typeof deviceKindNames)[number], acts: readonly Act[]): Promise<void> {
  const bench = kindBench(kind, { speed: 0 })
  const { bus, portPath, device, clock } = bench
  await arrival(bus)
  for (const { isIn, request, value, index, data, next } of acts) {
    const usb = bus.devices()[0]
    if (!usb) {
      await clock.sleep(1000)
      device.pressButton()
      continue
    }
    await usb.open(limits.signal)
    const setup = { requestType: isIn ? 0xa1 : 0x21, request, value, index }
    try {
      if (isIn) await usb.controlIn(setup, data.length, limits)
      else await usb.controlOut(setup, data, limits)
      if (next === 'alternate') {
        await usb.claim(0)
        await usb.selectAlternate(0, value & 3)
      }
      if (next === 'reset') await usb.reset()
    } catch (thrown) {
      if (!(thrown instanceof Fault) || !thrown.code.startsWith('USB_')) throw thrown
    }
    if (next === 'wait') await clock.sleep(50)
    if (next === 'button') device.pressButton()
    if (next === 'power') {
      bus.unplug(portPath)
      bus.plug(portPath, device)
    }
  }
  await bus[Symbol.asyncDispose]()
}

describe.each(deviceKindNames)('%s', (kind) => {
  it('answers or stalls, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { maxLength: 25 }), (acts) => play(kind, acts)),
      { numRuns: 15 },
    )
  })

  it('describes itself without a slip, in each mode', async () => {
    for (const start of ['normal', 'dfu'] as const) {
      const { bus, clock } = kindBench(kind, { start })
      await clock.sleep(2000)
      const usb = bus.devices()[0]
      if (!usb) continue
      await usb.open(limits.signal)
      const bytes = usb.configuration()
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint16(2, true)).toBe(bytes.length)
      const numbers = new Set<number>()
      const names: number[] = []
      let at = 0
      for (; at < bytes.length; at += bytes[at] ?? 0) {
        expect(bytes[at], `length at ${at}`).toBeGreaterThan(1)
        if (bytes[at + 1] !== 4) continue
        numbers.add(bytes[at + 2] ?? 0)
        names.push(bytes[at + 8] ?? 0)
      }
      expect([at, bytes[4]]).toEqual([bytes.length, numbers.size])
      for (const index of [...names, usb.manufacturerIndex, usb.productIndex, usb.serialNumberIndex]) {
        const setup = { requestType: 0x80, request: 6, value: 0x300 | index, index: 0x409 }
        if (index !== 0) expect((await usb.controlIn(setup, 255, limits))[1]).toBe(3)
      }
    }
  })
})
