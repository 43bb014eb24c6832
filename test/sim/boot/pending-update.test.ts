import { describe, expect, it } from 'vitest'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { findModule, readInstalled } from '../../../src/main/sim/boot/installed-modules.ts'
import { scheduleModule } from '../../../src/main/sim/boot/pending-update.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import { factoryChips, factsOf, put } from './bench-board.ts'

const otaFlag = 1753
const boron = factsOf('boron')
const bootloader = demoFirmware().find((file) => file.path === 'boron/4.0.2/bootloader.bin')?.bytes ?? new Uint8Array(0)

function boronWith(file: Uint8Array, address: number, deviceOs?: string) {
  const chips = factoryChips('boron', deviceOs)
  if (!chips.external) throw new Error('a Boron has external flash')
  put(chips.external, address, file)
  chips.dct[otaFlag] = 0xa5
  return chips
}

const bootloaderVersion = (chips: ReturnType<typeof factoryChips>) =>
  findModule('boron', chips, { function: 2, index: 0 })?.version

describe('the OTA flag 0xA5 in the DCT', () => {
  it('makes the started system take the module in its OTA area: two resets more, then it is in place', () => {
    const chips = boronWith(bootloader, 0x80289000)
    expect(boot(boron, chips)).toEqual({ mode: 'normal', resetsAgain: true, durationMs: 1600 })
    expect([chips.dct[otaFlag], bootloaderVersion(chips)]).toEqual([0xff, 1005])
    expect(boot(boron, chips)).toEqual({ mode: 'normal', resetsAgain: true, durationMs: 2000 })
    expect(bootloaderVersion(chips)).toBe(1101)
    expect(boot(boron, chips).resetsAgain).toBe(false)
  })

  it('looks only at the area of the release that was flashed', () => {
    const chips = boronWith(bootloader, 0x8024c000)
    expect(boot(boron, chips).resetsAgain).toBe(false)
    const moved = boronWith(bootloader, 0x80289000, '5.6.0')
    expect(boot(boron, moved).resetsAgain).toBe(false)
    expect([chips.dct[otaFlag], moved.dct[otaFlag]]).toEqual([0xff, 0xff])
  })

  it('is cleared and forgotten when the module has a wrong CRC', () => {
    const damaged = bootloader.slice()
    damaged[5000] = ~(damaged[5000] ?? 0)
    const chips = boronWith(damaged, 0x80289000)
    expect(boot(boron, chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
    expect([chips.dct[otaFlag], bootloaderVersion(chips)]).toEqual([0xff, 1005])
  })

  it('waits while no system starts', () => {
    const chips = boronWith(bootloader, 0x80289000)
    chips.internal.eraseSector(0x30000)
    expect(boot(boron, chips)).toMatchObject({ mode: 'dfu', resetsAgain: false })
    expect(chips.dct[otaFlag]).toBe(0xa5)
  })
})

describe('a scheduled module', () => {
  it('is not applied when its bytes have changed since it was accepted', () => {
    const chips = boronWith(bootloader, 0x80289000)
    boot(boron, chips)
    chips.external?.program(0x80289000 + 700, new Uint8Array(8))
    expect(boot(boron, chips)).toMatchObject({ mode: 'normal', resetsAgain: false })
    expect(bootloaderVersion(chips)).toBe(1005)
  })

  it('leaves the bytes before an unaligned user part of the P2 alone', () => {
    const chips = factoryChips('p2', '5.6.0')
    const user = buildModule({ platform: 'p2', kind: 'user', index: 1, version: 8, sizeBytes: 5000 })
    const start = 0x08600000 - 5000
    const page = start - (start % 4096)
    const before = chips.internal.read(page, start - page)
    put(chips.internal, 0x08300000, user)
    scheduleModule(chips, { chip: chips.internal, address: 0x08300000, sizeBytes: user.length })
    expect(boot(factsOf('p2'), chips).resetsAgain).toBe(true)
    expect(chips.internal.read(page, start - page)).toEqual(before)
    expect(chips.internal.read(start, 5000)).toEqual(user)
  })
})

describe('the two user places of a Boron', () => {
  const user = (index: number, version: number, sizeBytes = 8192) =>
    buildModule({ platform: 'boron', kind: 'user', index, version, sizeBytes })
  const listed = (chips: ReturnType<typeof factoryChips>) =>
    readInstalled('boron', chips).modules.flatMap((one) => (one.function === 5 ? [[one.index, one.version]] : []))

  it('show the 128 KB one when both are valid', () => {
    const chips = factoryChips('boron', '4.0.2')
    put(chips.internal, 0xb4000, user(2, 20))
    expect(listed(chips)).toEqual([[1, 5]])
  })

  it('show the 256 KB one when the other was erased or is damaged', () => {
    const chips = factoryChips('boron', '4.0.2')
    put(chips.internal, 0xb4000, user(2, 20))
    chips.internal.program(0xd4000 + 100, new Uint8Array(8))
    expect(listed(chips)).toEqual([[2, 20]])
    chips.internal.eraseSector(0xd4000)
    expect(listed(chips)).toEqual([[2, 20]])
    expect(boot(boron, chips).mode).toBe('normal')
  })

  it('are cleared of the 128 KB one by an update of the other', () => {
    const chips = boronWith(user(2, 20), 0x80289000, '4.0.2')
    boot(boron, chips)
    boot(boron, chips)
    expect(listed(chips)).toEqual([[2, 20]])
  })
})

describe('the user part of a P2', () => {
  it('is found by its fixed end, wherever it begins', () => {
    for (const sizeBytes of [96, 4096, 49_264, 500_000]) {
      const chips = factoryChips('p2')
      chips.internal.eraseSector(0x085f4000)
      const user = buildModule({ platform: 'p2', kind: 'user', index: 1, version: 8, sizeBytes })
      put(chips.internal, 0x08600000 - sizeBytes, user)
      expect(findModule('p2', chips, { function: 5, index: 1 })).toMatchObject({ version: 8, sizeBytes })
    }
  })

  it('is the valid one when an older and longer one left its header behind', () => {
    const chips = factoryChips('p2')
    const short = buildModule({ platform: 'p2', kind: 'user', index: 1, version: 8, sizeBytes: 8192 })
    put(chips.internal, 0x08600000 - 8192, short)
    expect(findModule('p2', chips, { function: 5, index: 1 })).toMatchObject({ version: 8, isIntact: true })
  })
})
