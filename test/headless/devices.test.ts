// devices: what is plugged in. DFU devices that nobody named are told from their descriptors and never opened.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Asked, lookAtDevices } from '../../src/main/headless/look-at-devices.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import { deviceRecipe, deviceWish } from './device-recipes.ts'
import { jsonLines, station, temporaryFolder } from './run-station.ts'
import { benchText, watchedBench } from './watched-bench.ts'

async function benchToLookAt(spec: string) {
  const { tools, opened } = await watchedBench(spec)
  return { opened, look: (asked: Partial<Asked>) => lookAtDevices(tools, { named: [], port: null, ...asked }) }
}

const target = (match: readonly string[]) => ({ wish: deviceWish({ match: [...match] }), image: null, fault: null })

describe('a look at DFU devices', () => {
  it('opens nobody whom nobody named, and tells what descriptors say', async () => {
    const { look, opened } = await benchToLookAt('dfu:1,stm32:1,boron:1')
    const [plain, rom, ...rest] = await look({})
    expect(rest).toEqual([])
    expect(plain).toMatchObject({
      ...{ isLeftAlone: true, fault: null },
      board: { portPath: '1-1.1', mode: 'normal', vendorId: 0x1209, productId: 1, protocol: { known: false } },
    })
    expect(rom).toMatchObject({
      isLeftAlone: true,
      board: {
        ...{ portPath: '1-1.2', mode: 'dfu', vendorId: 0x0483, productId: 0xdf11, isSharedLoader: true },
        protocol: { known: true, value: 'dfuse' },
        serialNumber: { known: false, reason: expect.stringMatching(/not opened/) },
        instances: [{ instanceId: expect.stringMatching(/&REV_/) }, { guid: '5aea1200-2286-5819-93e6-3b5548b6c88a' }],
      },
    })
    expect(opened).toEqual([])
  })

  it('asks the one on the port that the person names, and nobody else', async () => {
    const { look, opened } = await benchToLookAt('dfu:3')
    const seen = await look({ port: '1-1.2' as PortPath })
    expect(seen.map(({ isLeftAlone }) => isLeftAlone)).toEqual([true, false, true])
    expect(seen[1]?.board).toMatchObject({ productName: { known: true }, serialNumber: { known: true } })
    expect([...new Set(opened)]).toEqual(['1-1.2'])
  })

  it('asks those that a recipe names, by ids, instance or GUID', async () => {
    for (const name of ['0483:df11', 'USB\\VID_0483&PID_DF11', '5aea1200-2286-5819-93e6-3b5548b6c88a']) {
      const { look, opened } = await benchToLookAt('dfu:1,stm32:1')
      const seen = await look({ named: [target([name])] })
      expect(seen.map(({ isLeftAlone }) => isLeftAlone)).toEqual([true, false])
      expect([...new Set(opened)]).toEqual(['1-1.2'])
    }
  })

  it('says where a serial number tells nothing', async () => {
    const entry = (platform: string, serial: string) => ({ platform, count: 2, serial })
    const boards = [entry('dfu', 'same'), entry('dfu', 'none')]
    const { look } = await benchToLookAt(benchText(boards))
    const seen = await look({ named: [target(['1209:0001'])] })
    expect(seen.map(({ board }) => board.twins)).toEqual([['1-1.2'], ['1-1.1'], [], []])
  })
})

describe('devices', () => {
  it('shows Particle boards as before and DFU devices with ids, modes, names and GUIDs', async () => {
    const bench = ['--sim', 'boron:1,dfu:1,stm32:1', '--sim-speed', '0', '--data', join(temporaryFolder(), 'data')]
    const [json, text] = await Promise.all([station('devices', '--json', ...bench), station('devices', ...bench)])
    expect(json).toMatchObject({ code: 0, stderr: '' })
    const [boron, dfu, stm32, ...rest] = jsonLines(json.stdout)
    expect(rest).toEqual([])
    expect(boron).toEqual({
      ...{ portPath: '1-1.1', platform: 'boron', mode: 'normal', fault: null },
      deviceId: expect.stringMatching(/^[0-9a-f]{24}$/),
    })
    expect(dfu).toMatchObject({ platform: null, deviceId: null, mode: 'normal', usbId: '1209:0001', isLeftAlone: true })
    expect(stm32).toMatchObject({
      ...{ mode: 'dfu', usbId: '0483:df11', protocol: 'dfuse', revision: '22.00', serialNumber: null },
      sharedLoader: expect.stringContaining('STM32'),
      notReadable: { serialNumber: expect.stringMatching(/not opened/) },
      instances: [{ guid: expect.anything() }, { guid: '5aea1200-2286-5819-93e6-3b5548b6c88a' }],
    })
    expect(text.stdout).toMatch(/^1-1\.3 {2}0483:df11 {2}dfu {2}.*left alone: no recipe names it$/m)
    expect(text.stdout).toMatch(/5aea1200-2286-5819-93e6-3b5548b6c88a {2}USB\\VID_0483&PID_DF11$/m)
  })

  it('asks the devices of a recipe, or the one on a port', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'lamp.json')
    writeFileSync(file, JSON.stringify(deviceRecipe()))
    const bench = ['--sim', 'dfu:2', '--sim-speed', '0', '--data', join(folder, 'data'), '--json']
    const [named, asked] = await Promise.all([
      station('devices', '--recipe', file, ...bench),
      station('devices', '--ask', '1-1.2', ...bench),
    ])
    expect(jsonLines(named.stdout).map(({ isLeftAlone }) => isLeftAlone)).toEqual([false, false])
    expect(jsonLines(asked.stdout).map(({ isLeftAlone }) => isLeftAlone)).toEqual([true, false])
    expect(jsonLines(asked.stdout)[1]).toMatchObject({ type: 'Plain DFU Device', serialNumber: expect.any(String) })
  })

  it('says that nothing is on a port that it was to ask', async () => {
    const bench = ['--sim', 'dfu:1', '--sim-speed', '0', '--data', join(temporaryFolder(), 'data')]
    expect(await station('devices', '--ask', '1-7', ...bench)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--ask 1-7: no board and no DFU device is on this port$/m),
    })
  })
})
