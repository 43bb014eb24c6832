// Whatever a device says of itself: it is told what it is, identified or refused by a fault, in bounded time.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deviceKind } from '../../../src/main/station/devices/device-kind.ts'
import { identifyDevice } from '../../../src/main/station/devices/identify-device.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { habitsOf } from '../../../src/main/station/devices/quirk-book.ts'
import { flagHabits } from '../../../src/main/station/devices/quirk-vocabulary.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { toldDevice } from './told-device.ts'

const seed = 5_119
const { signal } = new AbortController()

const byte = fc.integer({ min: 0, max: 255 })
const u16 = fc.integer({ min: 0, max: 0xffff })
const face = fc.tuple(fc.constantFrom(0xfe, 0xff, 3), fc.constantFrom(1, 0, 2), fc.constantFrom(1, 2, 0, 0xff))
const interfaceBytes = fc
  .tuple(fc.constantFrom(9, 9, 9, 8, 10, 0), byte, byte, face, byte)
  .map(([length, number, alternate, [klass, subclass, protocol], name]) =>
    [length, 4, number & 3, alternate & 3, 0, klass, subclass, protocol, name & 7].slice(0, Math.max(2, length)),
  )
const functionalBytes = fc
  .tuple(fc.constantFrom(9, 7, 8, 5, 12, 255), byte, u16, u16, fc.oneof(u16, fc.constantFrom(0x0100, 0x0110, 0x011a)))
  .map(([length, attributes, detach, transfer, version]) => [
    ...[length, 0x21, attributes, detach & 0xff, detach >> 8, transfer & 0xff, transfer >> 8],
    ...[version & 0xff, version >> 8],
  ])
const descriptor = fc.oneof(interfaceBytes, functionalBytes, fc.array(byte, { maxLength: 12 }))
const plain = fc.constant([9, 4, 0, 0, 0, 0xfe, 1, 2, 4])
const configuration = fc
  .tuple(fc.oneof(plain, descriptor), fc.array(descriptor, { maxLength: 10 }))
  .map(([first, others]) => [first, ...others])
  .map((all) => Uint8Array.from([9, 2, 9, 0, 1, 1, 0, 0x80, 50, ...all.flat()]))
const flags = fc.subarray(Object.keys(flagHabits), { maxLength: 4 })
const ids = fc.constantFrom([0x1209, 2], [0x0483, 0xdf11], [0x03eb, 0x2ff4], [0x28e9, 0x0189], [0x10a5, 0xffe0])
const text = fc.constantFrom('Program', '@Flash /0x08000000/4*16Kg', '@', '', 'stalls!' as const, 'late!' as const)
const strings = fc.dictionary(fc.integer({ min: 1, max: 7 }).map(String), text)

it(`is one of three kinds, and opened for none of them (20000 runs, seed ${seed})`, () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc.oneof(configuration, fc.uint8Array({ maxLength: 80 })),
      ids,
      flags,
      (bytes, [vendor, product], own) => {
        const book = stationQuirks(`[USB\\VID_1209]\nFlags = ${own.join(',')}`)
        const { device, acts } = toldDevice({ ids: { vendorId: vendor ?? 0, productId: product ?? 0 } })
        const kind = deviceKind({ ...device, configuration: () => bytes }, book)
        seen.add(kind)
        expect(acts).toEqual([])
        expect(habitsOf(book, device).quirks).toEqual(expect.any(Array))
      },
    ),
    { seed, numRuns: 20_000 },
  )
  expect([...seen].sort()).toEqual(['dfu device', 'other'])
})

it(`is identified within three seconds, or refused by a fault (4000 runs, seed ${seed})`, async () => {
  let identified = 0
  await fc.assert(
    fc.asyncProperty(configuration, ids, strings, async (bytes, [vendor, product], any) => {
      const { device, clock, acts } = toldDevice({
        ids: { vendorId: vendor ?? 0, productId: product ?? 0 },
        strings: any as Readonly<Record<number, string>>,
      })
      const asked = identifyDevice(
        { ...device, configuration: () => bytes },
        { clock, signal, book: stationQuirks(null) },
      )
      const told = await asked.catch((thrown: unknown) => thrown)
      expect(clock.monotonic()).toBeLessThanOrEqual(3_000)
      expect(acts.filter((act) => act === 'open').length).toBe(acts.filter((act) => act === 'close').length)
      if (told instanceof Error) expect(told).toBeInstanceOf(Fault)
      else identified += 1
    }),
    { seed, numRuns: 4_000 },
  )
  expect(identified).toBeGreaterThan(1_000)
})
