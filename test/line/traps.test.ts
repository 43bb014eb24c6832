// The traps that firmware and boards lay for whoever flashes them, one test each, on real files where there are any.
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dfuFamilies } from '../../src/main/station/dfu/families.ts'
import { guardedSectors } from '../../src/main/station/dfu/guard.ts'
import { parseMemoryMap } from '../../src/main/station/dfu/memory-map.ts'
import { parseModule } from '../../src/main/station/firmware/parse-module.ts'
import { planFlash } from '../../src/main/station/jobs/plan-flash.ts'
import { deviceOsOfSystem } from '../../src/main/station/platforms/device-os-versions.ts'
import { boundsOf, forbiddenReason, platformOf, protectedRangeIn } from '../../src/main/station/platforms/platforms.ts'
import { known } from '../../src/shared/model/identity.ts'
import type { FirmwareModule } from '../../src/shared/model/module.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import type { Plan, PlanStep } from '../../src/shared/model/plan.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import { describeWithFirmware, firmwareFile, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { boardWith, moduleFile, targetOf } from '../station/jobs/samples.ts'
import { libraryOf } from './firmware.ts'

async function setIn(path: string, platform: PlatformName, deviceOs: string): Promise<readonly FirmwareModule[]> {
  const { library, remove } = await libraryOf([join(firmwareFolder, path)])
  onTestFinished(remove)
  const found = await library.findSet(platform, deviceOs)
  if (!found) throw new Error(`${path} is no ${deviceOs} for ${platform}`)
  return found.user ? [...found.modules, found.user] : found.modules
}

interface Wishes {
  /** What the board reports; what it shall carry when left out. */
  readonly present?: readonly FirmwareModule[]
  readonly factoryImage?: 'user'
}

function planOf(platform: PlatformName, modules: readonly FirmwareModule[], wishes: Wishes = {}): Plan {
  const { present = modules, factoryImage = 'keep' } = wishes
  return planFlash({
    board: boardWith(platform, present),
    target: targetOf(platform, modules),
    recipe: { ...plainFlash, verify: 'read-back', factoryImage },
    isSimulated: true,
  })
}

const isWrite = (step: PlanStep) => step.kind === 'write'
const writesOf = ({ steps }: Plan) =>
  steps.filter(isWrite).map(({ module, range }) => `${module.kind} ${module.index} at 0x${range.address.toString(16)}`)

describeWithFirmware('traps of the files', () => {
  it('trap 1: an Electron file named part 1 is the system part of index 3; the header alone says where it goes', async () => {
    const modules = await setIn('restore/2.3.1/electron.zip', 'electron', '2.3.1')
    const places = modules
      .filter(({ kind }) => kind === 'system')
      .map(({ index, startAddress }) => [index, startAddress])
    expect(places.sort()).toEqual([
      [1, 0x0802_0000],
      [2, 0x0804_0000],
      [3, 0x0806_0000],
    ])
    expect(parseModule(firmwareFile('electron/2.3.1/system-part1.bin'), { source: 'system-part1.bin' }).index).toBe(3)
  })

  it('trap 2: the SoftDevice in a Boron set may be made for the Argon, and nothing else may', async () => {
    const modules = await setIn('restore/2.0.1/boron.zip', 'boron', '2.0.1')
    expect(modules.find(({ kind }) => kind === 'radio')?.platform).toBe('argon')
    await expect(libraryOf([join(firmwareFolder, 'bad/zip-mixed-platforms.zip')])).rejects.toThrow(/is for the/)
  })

  it('trap 3: a SoftDevice is hashed without its header, and every CRC is big-endian', () => {
    const softDevice = firmwareFile('boron/4.0.2/softdevice.bin')
    expect(() => parseModule(softDevice, { source: 'softdevice.bin' })).not.toThrow()
    const turned = firmwareFile('bad/crc-little-endian.bin')
    expect(() => parseModule(turned, { source: 'turned.bin' })).toThrow(/CRC/)
  })

  it('trap 4: system parts that depend on each other are written in a fixed order, and the plan ends', async () => {
    const photon = planOf('photon', await setIn('photon/2.3.1', 'photon', '2.3.1'))
    expect(writesOf(photon)).toEqual(['system 1 at 0x8020000', 'system 2 at 0x8060000', 'user 1 at 0x80a0000'])
    const electron = planOf('electron', await setIn('electron/2.3.1', 'electron', '2.3.1'))
    expect(writesOf(electron)).toEqual([
      'system 1 at 0x8020000',
      'system 2 at 0x8040000',
      'system 3 at 0x8060000',
      'user 1 at 0x8080000',
    ])
  })

  it('trap 5: the boot record of an RTL board, made for that board alone, is no firmware to import', () => {
    const bytes = firmwareFile('bad/rtl-prebootloader-mbr.bin')
    expect(() => parseModule(bytes, { source: 'mbr.bin' })).toThrow()
  })

  it('trap 14: a system part with a second header inside is one module, and that of its first header', () => {
    const modules = ['boron/4.0.2/system-part1.bin', 'argon/4.1.0/system-part1.bin'].map((path) =>
      parseModule(firmwareFile(path), { source: path }),
    )
    for (const { startAddress, endAddress, sizeBytes } of modules) expect(endAddress - startAddress + 4).toBe(sizeBytes)
  })
})

describe('traps of the memories', () => {
  it('trap 5: an RTL board lets a host write everything, and the station refuses all below the system part', () => {
    const map = parseMemoryMap('@Internal Flash   /0x08000000/2048*004Kg')
    const write = (address: number) =>
      guardedSectors(dfuFamilies.rtl872x, map, { alternate: 0, address, sizeBytes: 4096, use: 'write', erases: true })
    for (const address of [0x0800_0000, 0x0800_4000, 0x0801_4000, 0x0805_f000]) {
      expect(() => write(address)).toThrow(/would touch/)
    }
    expect(write(0x0806_0000)).toHaveLength(1)
    expect(forbiddenReason('p2', { kind: 'bootloader', index: 1 })).toContain('never flashed')
  })

  it('trap 6: the memory string of an nRF marks a third of the bootloader writable; a range that only reaches into it is refused too', () => {
    const map = parseMemoryMap('@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka')
    const write = (address: number, sizeBytes: number) =>
      guardedSectors(dfuFamilies.nrf52840, map, { alternate: 0, address, sizeBytes, use: 'write', erases: true })
    expect(() => write(0xf_4000, 4096)).toThrow(/bootloader/)
    expect(() => write(0xf_3000, 4097)).toThrow(/bootloader/)
    expect(write(0xf_3000, 4096)).toHaveLength(1)
    expect(protectedRangeIn('boron', { alternate: 0, address: 0xf_3000, sizeBytes: 4097 })?.what).toBe('bootloader')
  })

  it('trap 7: the Tracker M is an RTL device, whatever its generation is called', () => {
    expect(platformOf('trackerm').mcu).toBe('rtl872x')
    expect(boundsOf('trackerm', { kind: 'radio', index: 0, version: 202 })).toBeNull()
  })

  it('trap 8: no plan writes into the OTA area of an nRF or RTL board, whose place moved between versions', () => {
    for (const platform of ['boron', 'b5som', 'tracker', 'p2', 'msom'] as const) {
      expect(boundsOf(platform, { kind: 'bootloader', index: 0, version: 3000 })?.alternate).toBeNull()
    }
    expect(platformOf('boron').otaAreas.map(({ address }) => address)).toEqual([0x8028_9000, 0x8024_c000])
  })

  it('trap 11: versions are looked up, not computed from release numbers', () => {
    expect([6305, 4006, 2011, 1512].map(deviceOsOfSystem)).toEqual(['6.3.4', '4.0.2', '2.0.1', '1.5.2'])
    expect(deviceOsOfSystem(4711)).toBeNull()
  })
})

describe('traps of the order', () => {
  const system = (version: number) =>
    moduleFile({ platform: 'boron', kind: 'system', index: 1, version, startAddress: 0x3_0000, sizeBytes: 500_000 })
  const user = (index: number, startAddress: number, sizeBytes = 20_000) =>
    moduleFile({ platform: 'boron', kind: 'user', index, version: 5, startAddress, sizeBytes })

  it('trap 9: the page of the former user slot is cleared before a 256 KB application, which it would hide', () => {
    const plan = planOf('boron', [system(4006), user(2, 0xb_4000)])
    const clear = plan.steps.findIndex((step) => step.kind === 'clear' && step.range.address === 0xd_4000)
    const write = plan.steps.findIndex((step) => step.kind === 'write' && step.module.kind === 'user')
    expect(clear).toBeGreaterThan(-1)
    expect(clear).toBeLessThan(write)
  })

  it('trap 10: a Tracker takes its NCP while it runs a Device OS that takes one, and is refused where none on the way does', () => {
    const onTracker = { platform: 'tracker' } as const
    const at = { startAddress: 0x3_0000, sizeBytes: 500_000 } as const
    const systemOf = (version: number) => moduleFile({ ...onTracker, kind: 'system', index: 1, version, ...at })
    const needs = [{ kind: 'system', index: 1, version: 3000 }] as const
    const ncpOf = (version: number) =>
      moduleFile({
        ...onTracker,
        kind: 'ncp',
        index: 0,
        version,
        startAddress: 0,
        sizeBytes: 864_464,
        dependencies: needs,
      })
    const target = [
      systemOf(5600),
      ncpOf(7),
      moduleFile({ ...onTracker, kind: 'user', index: 2, version: 5, startAddress: 0xb_4000, sizeBytes: 20_000 }),
    ]
    const early = planOf('tracker', target, { present: [systemOf(4006), ncpOf(6)] })
    const kinds = early.steps.map((step) => (step.kind === 'update' ? `update ${step.module.kind}` : step.kind))
    expect(kinds.indexOf('update ncp')).toBeGreaterThan(-1)
    expect(kinds.indexOf('update ncp')).toBeLessThan(kinds.indexOf('enter-dfu'))
    expect(() => planOf('tracker', target, { present: [systemOf(5800), ncpOf(6)] })).toThrow(/takes none/)
    const newer = planOf('tracker', target, { present: [systemOf(5800), ncpOf(8)] })
    expect(newer.skipped.map(({ reason }) => reason).join()).toContain('never brought down')
  })

  it('trap 12: the factory image of an nRF goes into the external flash at its DFU address, not where the chip has code', () => {
    const range = (platform: PlatformName, module: FirmwareModule) =>
      planOf(platform, [module], { factoryImage: 'user' }).factory?.range
    expect(range('boron', user(2, 0xb_4000))).toMatchObject({ alternate: 2, address: 0x8020_0000 })
    const onTracker = moduleFile({
      platform: 'tracker',
      kind: 'user',
      index: 2,
      version: 5,
      startAddress: 0xb_4000,
      sizeBytes: 20_000,
    })
    expect(range('tracker', onTracker)).toMatchObject({ alternate: 2, address: 0x8060_0000 })
    const onPhoton = moduleFile({
      platform: 'photon',
      kind: 'user',
      index: 1,
      version: 5,
      startAddress: 0x080a_0000,
      sizeBytes: 20_000,
    })
    expect(range('photon', onPhoton)).toMatchObject({ alternate: 0, address: 0x080e_0000 })
  })

  it('trap 13: a protected board is refused in both modes, before anything moves', () => {
    const modules = [system(4006), user(1, 0xd_4000)]
    for (const mode of ['normal', 'dfu'] as const) {
      const board = boardWith('boron', modules, { mode, isProtected: known(true) })
      const recipe = { ...plainFlash, verify: 'read-back' } as const
      const request = { board, target: targetOf('boron', modules), recipe, isSimulated: true }
      expect(() => planFlash(request)).toThrow(/security mode/)
    }
  })
})
