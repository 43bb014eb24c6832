// Intel HEX on its way out: the same text as the restore files of the same set, and what it says it does not hold.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { carveHex } from '../../../src/main/station/firmware/carve-hex.ts'
import { exportHex, type HexSource } from '../../../src/main/station/firmware/export-hex.ts'
import type { FirmwareLibrary } from '../../../src/main/station/firmware/library-model.ts'
import { parseModule } from '../../../src/main/station/firmware/parse-module.ts'
import { refuser } from '../../../src/main/station/firmware/refusal.ts'
import type { PlatformName } from '../../../src/shared/model/platform.ts'
import { boron, boronUser, buildModule, p2, photon } from './module-builder.ts'
import { describeWithFirmware, firmwareFile, firmwareFolder } from './shared-firmware.ts'
import { temporaryLibrary } from './temporary-library.ts'

const part = (bytes: Uint8Array) => ({ module: parseModule(bytes, { source: 'x.bin' }), bytes })
const user2 = buildModule({ ...boronUser('new'), index: 2, start: 0xb_4000 })
const radio = new Uint8Array(0x2100)
radio.set([0xdb, 0xe5, 0xb1, 0x51], 0x2004)
const softDevice = buildModule({
  ...{ platformId: 13, functionId: 8, index: 0, start: 0x1000, flags: 0x01, version: 202 },
  ...{ payload: radio, payloadHash: true },
})
const boronParts = [boron.user(), boron.system(), softDevice, boron.bootloader()].map(part)
const boronSource: HexSource = { platform: 'boron', deviceOs: '2.0.1', parts: boronParts, bootRecord: null }

/** First address of each block, in the order of the file. */
function order(source: HexSource): readonly string[] {
  let base = 0
  const starts: string[] = []
  let next = -1
  for (const line of exportHex(source).text.split('\n')) {
    const bytes = Buffer.from(line.slice(1), 'hex')
    if (bytes[3] === 4) base = bytes.readUInt16BE(4) * 0x1_0000
    if (bytes[3] !== 0) continue
    const address = base + bytes.readUInt16BE(1)
    if (address !== next) starts.push(address.toString(16))
    next = address + (bytes[0] ?? 0)
  }
  return starts
}

describe('a HEX for a programmer', () => {
  it('is read back to the modules it was made of', () => {
    const { text } = exportHex({ ...boronSource, bootRecord: new Uint8Array(0x1000).fill(3) })
    const { modules, bootRecord } = carveHex(Buffer.from(text), refuser('hex', 'a.hex'))
    expect(modules.map(({ bytes }) => Buffer.from(bytes))).toEqual([boron.system(), boron.user(), boron.bootloader()])
    expect(bootRecord).toEqual(new Uint8Array(0x1000).fill(3))
  })

  it('has the order of its release', () => {
    expect(order(boronSource)).toEqual(['10001000', '1000', '30000', 'f4000', 'd4000'])
    expect(order({ ...boronSource, deviceOs: '6.3.4' })).toEqual(['10001000', 'f4000', '1000', '30000', 'd4000'])
    const parts = [photon.user(), photon.bootloader(), photon.system2(), photon.system1()].map(part)
    expect(order({ ...boronSource, platform: 'photon', parts })).toEqual(['8020000', '8060000', '8000000', '80a0000'])
  })

  it('erases the place of a smaller application where a larger one is written, and none of its own', () => {
    const parts = [...boronParts.slice(1), part(user2)]
    expect(order({ ...boronSource, deviceOs: '4.0.2', parts }).slice(-2)).toEqual(['d4000', 'b4000'])
    expect(order({ ...boronSource, deviceOs: '3.1.0', parts }).slice(-1)).toEqual(['b4000'])
    expect(order({ ...boronSource, deviceOs: '4.0.2' }).filter((start) => start === 'd4000')).toHaveLength(1)
  })

  it('says what it lacks', () => {
    expect(exportHex(boronSource).notes).toEqual([expect.stringContaining('No master boot record')])
    expect(exportHex({ ...boronSource, bootRecord: new Uint8Array(0x1000) }).notes).toEqual([
      expect.stringMatching(
        /master boot record is as an imported \.hex brought it \(SHA-256 ad7facb2.*nothing here can check it/,
      ),
    ])
    const parts = [part(p2.userWithAsset('cat.txt', 'a cat')), part(p2.bootloader())]
    expect(exportHex({ platform: 'p2', deviceOs: '5.6.0', parts, bootRecord: null }).notes).toEqual([
      expect.stringContaining('prebootloader-mbr'),
      expect.stringContaining('cat.txt'),
    ])
  })

  it('is not made of modules for another board, or of one that locks it', () => {
    expect(() => exportHex({ ...boronSource, platform: 'argon' })).toThrow(/WRONG_PLATFORM/)
    const parts = [part(p2.lockingBootloader())]
    expect(() => exportHex({ platform: 'p2', deviceOs: '5.6.0', parts, bootRecord: null })).toThrow(/LOCKS_BOARD/)
  })
})

describeWithFirmware('real sets as HEX', () => {
  async function sourceOf(library: FirmwareLibrary, platform: PlatformName, deviceOs: string): Promise<HexSource> {
    const found = await library.findSet(platform, deviceOs)
    if (!found?.user) return expect.fail('no set with a user part')
    const modules = [...found.modules, found.user]
    const parts = await Promise.all(modules.map(async (module) => ({ module, bytes: await library.bytesOf(module) })))
    return { platform, deviceOs, parts, bootRecord: await library.bootRecordOf(platform) }
  }

  it.each([
    ['photon', '2.0.1'],
    ['boron', '2.0.1'],
    ['p2', '5.6.0'],
  ] as const)('%s %s is the restore file, character for character', async (platform, deviceOs) => {
    const library = await temporaryLibrary()
    const path = `restore/${deviceOs}/${platform}`
    // The boot record is in no zip: it comes from the HEX.
    if (platform === 'boron') await library.importPaths([join(firmwareFolder, `${path}.hex`)])
    await library.importPaths([join(firmwareFolder, `${path}.zip`)])
    const { text } = exportHex(await sourceOf(library, platform, deviceOs))
    const expected = Buffer.from(firmwareFile(`${path}.hex`)).toString('latin1')
    expect(text.length).toBe(expected.length)
    expect(text === expected).toBe(true)
  })

  it.each([
    ['electron', '2.3.1', ['8060000', '8020000', '8040000', '8000000', '8080000']],
    ['argon', '4.0.2', ['10001000', '1000', '30000', 'f4000', 'd4000']],
    ['boron', '4.0.2', ['10001000', '1000', '30000', 'f4000', 'd4000']],
    ['tracker', '4.0.2', ['10001000', '1000', '30000', 'f4000', 'd4000']],
  ] as const)('%s %s goes out and comes in again as the very files', async (...row) => {
    const [platform, deviceOs, starts] = row
    const library = await temporaryLibrary()
    await library.importPaths([join(firmwareFolder, `restore/${deviceOs}/${platform}.zip`)])
    const source = await sourceOf(library, platform, deviceOs)
    expect(order(source)).toEqual(starts)
    const there = await temporaryLibrary()
    const { imported, refused } = await there.importUpload('a.hex', Buffer.from(exportHex(source).text))
    expect(refused).toEqual([])
    const files = imported[0]?.modules.map(({ sha256 }) => sha256).toSorted()
    expect(files).toEqual(source.parts.map(({ module }) => module.sha256).toSorted())
  })

  it('boron from its zip alone is the restore file without the boot record, and says so', async () => {
    const library = await temporaryLibrary()
    await library.importPaths([join(firmwareFolder, 'restore/2.0.1/boron.zip')])
    const { text, notes } = exportHex(await sourceOf(library, 'boron', '2.0.1'))
    const expected = Buffer.from(firmwareFile('restore/2.0.1/boron.hex')).toString('latin1')
    const bootRecordLines = 1 + 4096 / 16
    expect(expected.split('\n').toSpliced(257, bootRecordLines).join('\n') === text).toBe(true)
    expect(notes).toHaveLength(1)
  })
})
