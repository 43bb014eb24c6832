// Every platform the station names is simulated, and what each simulated board shows is set beside the reference: the ids,
// memory strings and sizes below are written out from our USB notes, not taken from either table.
import { describe, expect, it } from 'vitest'
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import type { SimPlatform } from '../../src/main/sim/board-parts.ts'
import { boot } from '../../src/main/sim/boot/boot.ts'
import { readInstalled } from '../../src/main/sim/boot/installed-modules.ts'
import { memoryMapOf } from '../../src/main/sim/boot/memory-map.ts'
import { dumpFlash } from '../../src/main/sim/dump-flash.ts'
import { layouts } from '../../src/main/sim/layouts.ts'
import { simPlatformNames } from '../../src/main/sim/sim-platforms.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { shapeOf } from '../../src/main/sim/synthetic/module-spec.ts'
import { releaseModules, releasesOf } from '../../src/main/sim/synthetic/releases.ts'
import { readStringDescriptor } from '../../src/main/station/usb/string-descriptor.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { platformIds, platformNames } from '../../src/shared/model/platform.ts'
import { arrival, benchOf, limits, openDfu } from './dfu-host.ts'

const strings = {
  gen2: ['@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg', '@DCT Flash   /0x00000000/01*016Kg'],
  nrf: [
    '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
    '@DCT Flash   /0x00000000/1*016Ke',
  ],
  rtl: ['@Internal Flash   /0x08000000/2048*004Kg', '@DCT Flash   /0x00000000/1*016Ke'],
}
const serialFlash = '@Serial Flash   /0x00000000/256*004Kg'
const qspi4 = '@External Flash   /0x80000000/1024*004Kg'
const qspi8 = '@External Flash   /0x80000000/2048*004Kg'

/** Product id in normal and in DFU mode, memory strings, device IDs that begin so, and whether there is a modem. */
const reference: Readonly<Record<SimPlatform, readonly [number, number, readonly string[], string, boolean]>> = {
  photon: [0xc006, 0xd006, strings.gen2, '', false],
  p1: [0xc008, 0xd008, [...strings.gen2, serialFlash], '', false],
  electron: [0xc00a, 0xd00a, strings.gen2, '', true],
  argon: [0xc00c, 0xd00c, [...strings.nrf, qspi4], 'e00fce68', false],
  boron: [0xc00d, 0xd00d, [...strings.nrf, qspi4], 'e00fce68', true],
  xenon: [0xc00e, 0xd00e, [...strings.nrf, qspi4], 'e00fce68', false],
  esomx: [0xc00f, 0xd00f, [...strings.nrf, qspi8], 'e00fce68', true],
  asom: [0xc016, 0xd016, [...strings.nrf, qspi4], 'e00fce68', false],
  bsom: [0xc017, 0xd017, [...strings.nrf, qspi4], 'e00fce68', true],
  xsom: [0xc018, 0xd018, [...strings.nrf, qspi4], 'e00fce68', false],
  b5som: [0xc019, 0xd019, [...strings.nrf, qspi8], 'e00fce68', true],
  tracker: [0xc01a, 0xd01a, [...strings.nrf, qspi8], 'e00fce68', true],
  trackerm: [0xc01c, 0xd01c, strings.rtl, '0a10aced2021', true],
  p2: [0xc020, 0xd020, strings.rtl, '0a10aced2021', false],
  msom: [0xc023, 0xd023, strings.rtl, '0a10aced2021', true],
  electron2: [0xc025, 0xd025, [...strings.nrf, qspi4], 'e00fce68', true],
  sulu: [0xc026, 0xd026, strings.rtl, '0a10aced2021', true],
}

const sizeOf = (text: string) =>
  text
    .slice(text.lastIndexOf('/') + 1)
    .split(',')
    .reduce((sum, run) => sum + Number.parseInt(run, 10) * Number(run.slice(run.indexOf('*') + 1, -2)) * 1024, 0)

it('simulates every platform that the station names, and no other', () => {
  expect([...simPlatformNames].sort()).toEqual([...platformNames].sort())
})

describe.each(platformNames)('a simulated %s', (platform) => {
  const [normalId, dfuId, memories, idPrefix, isCellular] = reference[platform]
  const layout = layouts[platform]

  it('has the ids and memory strings of the reference', () => {
    expect([layout.platformId, memoryMapOf(platform).platformId]).toEqual([
      platformIds[platform],
      platformIds[platform],
    ])
    expect([0xc000 | layout.platformId, 0xd000 | layout.platformId]).toEqual([normalId, dfuId])
    expect(layout.alternates.map(({ text }) => text)).toEqual(memories)
  })

  it('has memories as long as their strings say', () => {
    const { chips } = createSimulatedBoard(boardSpecOf({ platform }, 0))
    const held = { internal: chips.internal.sizeBytes, dct: chips.dct.length, external: chips.external?.sizeBytes ?? 0 }
    expect(layout.alternates.map(({ memory }) => held[memory])).toEqual(memories.map(sizeOf))
    expect(held.external === 0).toBe(memories.length === 2)
    expect(dumpFlash(createSimulatedBoard(boardSpecOf({ platform }, 0))).external?.length ?? 0).toBe(held.external)
  })

  it('has an identity of its family, and a modem only where there is one', () => {
    const { facts } = boardSpecOf({ platform }, 3)
    expect(facts.deviceId).toMatch(new RegExp(`^${idPrefix}[0-9a-f]{${24 - idPrefix.length}}$`))
    expect([facts.iccid !== null, facts.imei !== null]).toEqual([isCellular, isCellular])
  })

  it('has an older and a newer release, oldest first, each module within its place', () => {
    const releases = releasesOf(platform)
    expect(releases.length).toBeGreaterThanOrEqual(2)
    const systems = releases.map(
      (deviceOs) =>
        releaseModules(platform, deviceOs, '').find(({ spec }) => spec.kind === 'system')?.spec.version ?? 0,
    )
    expect(systems).toEqual([...systems].sort((a, b) => a - b))
    for (const deviceOs of releases) {
      const { chips } = createSimulatedBoard(boardSpecOf({ platform, deviceOs }, 0))
      const { modules, softDevice } = readInstalled(platform, chips)
      expect(modules.every(({ isIntact }) => isIntact)).toBe(true)
      const specs = releaseModules(platform, deviceOs, '').map(({ spec }) => spec)
      const wanted = specs.filter(({ kind }) => kind !== 'ncp' && kind !== 'radio').map(({ version }) => version)
      const mbr = layout.family === 'rtl872x' ? [1] : []
      expect(modules.map(({ version }) => version).sort()).toEqual([...wanted, ...mbr].sort())
      expect(softDevice?.firmwareId ?? null).toBe(specs.some(({ kind }) => kind === 'radio') ? 202 : null)
    }
  })

  it('starts every release of its table normally', () => {
    for (const deviceOs of releasesOf(platform)) {
      const { chips, spec } = createSimulatedBoard(boardSpecOf({ platform, deviceOs }, 0))
      expect([deviceOs, boot(spec.facts, chips).mode]).toEqual([deviceOs, 'normal'])
    }
  })

  it('keeps the modules of a release apart from each other', () => {
    for (const deviceOs of releasesOf(platform)) {
      const shapes = releaseModules(platform, deviceOs, '').map(({ spec }) => shapeOf(spec))
      const placed = shapes.filter(({ kind }) => kind !== 'ncp').sort((a, b) => a.startAddress - b.startAddress)
      for (const [at, { startAddress, sizeBytes, kind }] of placed.entries()) {
        const next = placed[at + 1]?.startAddress ?? Number.MAX_SAFE_INTEGER
        expect([deviceOs, kind, startAddress + sizeBytes <= next]).toEqual([deviceOs, kind, true])
      }
    }
  })

  it('starts its factory firmware, enters DFU when it is asked to, comes back, and does so again by the button', async () => {
    const { bus, board } = benchOf({ platform })
    const first = await arrival(bus, normalId)
    expect([first.vendorId, board.mode()]).toEqual([0x2b04, 'normal'])
    await touch14400(first)
    const host = await openDfu(bus, dfuId)
    expect([host.device.vendorId, board.mode()]).toEqual([0x2b04, 'dfu'])
    await host.home()
    await host.leave()
    await arrival(bus, normalId)
    expect(board.mode()).toBe('normal')
    board.holdMode()
    await arrival(bus, dfuId)
    expect(board.mode()).toBe('dfu')
    await bus[Symbol.asyncDispose]()
  })
})

it('makes an Electron 2 with either size of external flash, for which of them it carries is open', async () => {
  const shown = async (externalMegabytes: 4 | 8) => {
    const { bus, board } = benchOf({ platform: 'electron2', start: 'dfu', externalMegabytes })
    const host = await openDfu(bus)
    const text = await readStringDescriptor(host.device, 8, limits)
    await bus[Symbol.asyncDispose]()
    return [text, board.chips.external?.sizeBytes]
  }
  expect(await shown(4)).toEqual([qspi4, 4 * 1024 * 1024])
  expect(await shown(8)).toEqual([qspi8, 8 * 1024 * 1024])
})

it('starts an Electron without its third system part only in the era that had two', () => {
  const bootWithoutPart3 = (deviceOs: string) => {
    const { chips, spec } = createSimulatedBoard(boardSpecOf({ platform: 'electron', deviceOs }, 0))
    chips.internal.eraseSector(0x08060000)
    return boot(spec.facts, chips).mode
  }
  expect(['0.5.2', '1.5.2', '3.3.0'].map(bootWithoutPart3)).toEqual(['normal', 'dfu', 'dfu'])
})

it('names the files of an Electron in another order than their headers count', () => {
  const parts = releaseModules('electron', '2.3.1', '').filter(({ spec }) => spec.kind === 'system')
  expect(parts.map(({ file, spec }) => [file, spec.index, shapeOf(spec).startAddress])).toEqual([
    ['system-part1.bin', 3, 0x08060000],
    ['system-part2.bin', 1, 0x08020000],
    ['system-part3.bin', 2, 0x08040000],
  ])
})

/** The serial port set to 14400 baud: the way into DFU that needs no control request. */
async function touch14400(device: UsbDevice): Promise<void> {
  await device.open(limits.signal)
  const setLineCoding = { requestType: 0x21, request: 0x20, value: 0, index: 0 }
  const coding = Uint8Array.of(0x40, 0x38, 0, 0, 0, 0, 8)
  // The board is gone before the status stage.
  await expect(device.controlOut(setLineCoding, coding, limits)).rejects.toThrow('USB_GONE')
}
