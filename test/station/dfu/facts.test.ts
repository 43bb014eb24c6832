// What is made of descriptors that are not as they should be.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAllDfuFacts, readDfuFacts } from '../../../src/main/station/dfu/facts.ts'
import { type DfuHabits, plainHabits } from '../../../src/main/station/dfu/habits.ts'
import { functionalBytes, head, interfaceBytes, LoaderDevice } from './loader-device.ts'

const facts = (parts: readonly number[][], habits: Partial<DfuHabits> = {}) =>
  readDfuFacts(new LoaderDevice({ configuration: Uint8Array.from(parts.flat()) }), { ...plainHabits, ...habits })

const dfu = interfaceBytes(0, 4)
const own = [9, 4, 0, 0, 0, 0xff, 0, 0, 0]
const functional = functionalBytes(0x0b, 1024, 0x0110)

describe('the facts of a DFU interface', () => {
  it('are those of its descriptors where these are as they should be', () => {
    expect(facts([head, dfu, interfaceBytes(1, 5), functionalBytes(0x0d, 512, 0x0100)])).toEqual({
      interfaceNumber: 0,
      protocol: 2,
      mode: 'dfu',
      alternates: [
        { alternate: 0, stringIndex: 4 },
        { alternate: 1, stringIndex: 5 },
      ],
      canDownload: true,
      canUpload: false,
      isManifestationTolerant: true,
      willDetach: true,
      detachTimeoutMs: 255,
      transferBytes: 512,
      announcedTransferBytes: 512,
      announcedVersion: 0x0100,
      version: 0x0100,
      isOtherProtocol: false,
      notes: [],
    })
  })

  it('are none without a DFU interface', () => {
    expect(facts([head, own])).toBeNull()
    expect(facts([])).toBeNull()
  })

  it('are found wherever the functional descriptor is', () => {
    const places = [
      [head, dfu, functional],
      [head, functional, dfu],
      [head, own, functional, interfaceBytes(0, 4, { number: 1 })],
      [head, dfu, [7, 5, 0x81, 3, 8, 0, 10], functional, interfaceBytes(1, 0)],
      [head, dfu, own, functional],
    ]
    for (const place of places) expect(facts(place)).toMatchObject({ transferBytes: 1024, canUpload: true })
  })

  it('do not come from descriptors of HID and smart card interfaces, which are of the same type', () => {
    const hid = [9, 4, 0, 0, 1, 3, 0, 0, 0]
    const hidDescriptor = [9, 0x21, 0x11, 1, 0, 1, 0x22, 0x3f, 0]
    const device = facts([head, hid, hidDescriptor, interfaceBytes(0, 4, { number: 1 })])
    expect(device).toMatchObject({ interfaceNumber: 1, announcedTransferBytes: null, transferBytes: 64 })
  })

  it('are that it can do everything, in small blocks, where there is no functional descriptor', () => {
    const device = facts([head, dfu])
    expect(device).toMatchObject({ canDownload: true, canUpload: true, transferBytes: 64, version: 0x0110 })
    expect(device?.notes[0]).toMatch(/no DFU functional descriptor/)
  })

  it.each([
    ['without its version', functional.slice(0, 7).with(0, 7), 1024, 0x0110],
    ['cut off before its version', functional.slice(0, 7), 1024, 0x0110],
    ['with bytes of the maker behind', [...functional, 1, 2].with(0, 11), 1024, 0x0110],
    ['of transfer size 0', functionalBytes(0x0b, 0, 0x0110), 64, 0x0110],
    ['of transfer size 0xFFFF', functionalBytes(0x0b, 0xffff, 0x0110), 1024, 0x0110],
    ['of more than fits into a transfer', functionalBytes(0x0b, 8192, 0x0110), 4096, 0x0110],
    ['of the wrong version 1.01', functionalBytes(0x0b, 256, 0x0101), 256, 0x0101],
    ['of a version that is none', functionalBytes(0x0b, 256, 0x4711), 256, 0x0110],
    ['that is accelerated, under DfuSe', functionalBytes(0x8b, 2048, 0x011a), 4096, 0x011a],
    ['with the same bit, under plain DFU', functionalBytes(0x8b, 2048, 0x0110), 2048, 0x0110],
  ])('put up with a functional descriptor %s', (...[, descriptor, transferBytes, version]) => {
    expect(facts([head, dfu, descriptor])).toMatchObject({ transferBytes, version })
  })

  it.each([
    ['ignoreUpload', { ignoreUpload: true }, { canUpload: false }],
    ['forcedVersion', { forcedVersion: 0x011a }, { version: 0x011a }],
    ['forcedTransferBytes', { forcedTransferBytes: 128 }, { transferBytes: 128 }],
    ['forcedTransferBytes beyond a transfer', { forcedTransferBytes: 65_535 }, { transferBytes: 4096 }],
    ['legacyProtocol', { legacyProtocol: true }, { isOtherProtocol: true }],
    ['the version of FLIP', { forcedVersion: 0xff01 }, { isOtherProtocol: true }],
  ] as const)('obey %s', (...[, habits, expected]) => {
    expect(facts([head, dfu, functional], habits)).toMatchObject(expected)
  })

  it('are of any interface where the habits say so, but of one of the right class before others', () => {
    expect(facts([head, own], { useAnyInterface: true })).toMatchObject({ interfaceNumber: 0, isOtherProtocol: false })
    const right = interfaceBytes(0, 4, { number: 1 })
    expect(facts([head, own, right], { useAnyInterface: true })).toMatchObject({ interfaceNumber: 1 })
  })

  it.each([
    [1, 'normal', {}],
    [2, 'dfu', {}],
    [1, 'dfu', { forceDfuMode: true }],
    [0, 'dfu', {}],
    [7, 'dfu', {}],
  ] as const)('tell from bInterfaceProtocol %i of the only interface %s mode', (protocol, mode, habits) => {
    expect(facts([head, interfaceBytes(0, 4, { protocol }), functional], habits)?.mode).toBe(mode)
  })

  it('take a protocol of no standard beside other interfaces for that of a program', () => {
    expect(facts([head, own, interfaceBytes(0, 4, { protocol: 0, number: 1 }), functional])?.mode).toBe('normal')
  })

  it('are of the interface in DFU mode where there are several, and of each of them on demand', () => {
    const first = [...interfaceBytes(0, 4, { protocol: 1 }), ...functional]
    const second = [...interfaceBytes(0, 5, { number: 1 }), ...functionalBytes(0x01, 32, 0x0100)]
    const device = new LoaderDevice({ configuration: Uint8Array.from([...head, ...first, ...second]) })
    expect(readDfuFacts(device, plainHabits)).toMatchObject({ interfaceNumber: 1, transferBytes: 32 })
    const all = readAllDfuFacts(device, plainHabits).map(({ mode, transferBytes }) => [mode, transferBytes])
    expect(all).toEqual([
      ['normal', 1024],
      ['dfu', 32],
    ])
  })

  it('have a setting that is described twice once', () => {
    expect(facts([head, dfu, dfu, functional])?.alternates).toHaveLength(1)
  })

  it('are something sensible for any bytes at all', () => {
    const piece = fc.oneof(
      fc.constantFrom(head, dfu, own, functional, [9, 4, 0], [0], [1, 0x21]),
      fc.array(fc.nat({ max: 255 }), { maxLength: 12 }),
      fc.array(fc.nat({ max: 255 }), { minLength: 7, maxLength: 7 }).map((rest) => [9, 0x21, ...rest]),
      fc
        .array(fc.nat({ max: 255 }), { minLength: 4, maxLength: 4 })
        .map((rest) => [9, 4, rest[0] ?? 0, 0, 0, 0xfe, 1, ...rest.slice(1)]),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, useAnyInterface) => {
        const found = facts(pieces, { useAnyInterface })
        if (!found) return
        expect(found.transferBytes).toBeGreaterThanOrEqual(1)
        expect(found.transferBytes).toBeLessThanOrEqual(4096)
        expect(found.alternates.length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })
})
