// Every real set at hand, as an operator imports it, onto a simulated board of its platform, compared byte for byte with
// the files it is made of.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import { fullRestores } from '../scenarios/full-restores.ts'
import { describeWithFirmware, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { libraryOf, resolved } from './firmware.ts'
import { type FlashImage, imageOf, missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

interface RealSet {
  readonly source: string
  readonly platform: PlatformName
  readonly deviceOs: string
  /** The modules that must be in the flash of the chip in the end. */
  readonly files: readonly string[]
}

const gen2 = ['system-part1', 'system-part2', 'bootloader', 'tinker']
const electron = ['system-part1', 'system-part2', 'system-part3', 'bootloader', 'tinker']
const nrf = ['system-part1', 'softdevice', 'bootloader', 'tinker']
const p2Files = [
  ...['p2/5.6.0/bootloader.bin', 'p2/5.6.0/prebootloader-part1.synthetic.bin'],
  ...['p2/5.6.0/system-part1.synthetic.bin', 'p2/5.3.1/tinker.bin'],
]
/** The docs' sets up to 3.3.x bring the SoftDevice of the Argon. */
const boron201 = [
  ...['boron/2.0.1/system-part1.bin', 'argon/4.0.2/softdevice.bin'],
  ...['boron/2.0.1/bootloader.bin', 'boron/2.0.1/tinker.bin'],
]

const sets: readonly RealSet[] = [
  folder('photon', '2.0.1', gen2),
  folder('photon', '2.3.1', gen2),
  folder('p1', '2.3.1', gen2),
  folder('electron', '2.3.1', electron),
  folder('boron', '2.0.1', nrf),
  folder('boron', '4.0.2', nrf),
  folder('b5som', '4.0.2', nrf),
  folder('tracker', '4.0.2', nrf),
  zipped('photon', '2.0.1', gen2),
  zipped('electron', '2.3.1', electron),
  zipped('argon', '4.0.2', nrf),
  zipped('boron', '4.0.2', nrf),
  zipped('tracker', '4.0.2', nrf),
  { source: 'restore/2.0.1/boron.zip', platform: 'boron', deviceOs: '2.0.1', files: boron201 },
  { source: 'restore/5.6.0/p2.zip', platform: 'p2', deviceOs: '5.6.0', files: p2Files },
  { ...zipped('photon', '2.0.1', gen2), source: 'restore/2.0.1/photon.hex' },
  { source: 'restore/2.0.1/boron.hex', platform: 'boron', deviceOs: '2.0.1', files: boron201 },
  { source: 'restore/5.6.0/p2.hex', platform: 'p2', deviceOs: '5.6.0', files: p2Files },
]

function folder(platform: PlatformName, deviceOs: string, names: readonly string[]): RealSet {
  const files = names.map((name) => `${platform}/${deviceOs}/${name}.bin`)
  return { source: `${platform}/${deviceOs}`, platform, deviceOs, files }
}

function zipped(platform: PlatformName, deviceOs: string, names: readonly string[]): RealSet {
  return { ...folder(platform, deviceOs, names), source: `restore/${deviceOs}/${platform}.zip` }
}

describeWithFirmware('a real set', () => {
  it.each(sets)(
    '$source is on the $platform afterwards, byte for byte',
    async ({ source, platform, deviceOs, files }) => {
      const { library, remove } = await libraryOf([join(firmwareFolder, source)])
      onTestFinished(remove)
      const recipe = await resolved(library, { platforms: [platform], deviceOs })
      expect(recipe.targets.map(({ fault }) => fault)).toEqual([null])
      const line = openLine({ boards: [{ platform, deviceOs: anotherOf(platform, deviceOs) }], shelf: library, recipe })
      const images = files.map((file) => imageIn(source, file))
      for (const board of line.boards) expect(missingOn(board, images)).not.toEqual([])
      const [slot] = await line.verdicts()
      expect(slot?.fault).toBeNull()
      for (const board of line.boards) expect(missingOn(board, images)).toEqual([])
      const [record] = line.records()
      expect(record?.closing).toMatchObject({ outcome: 'pass', deviceOsAfter: deviceOs })
      expect(record?.closing?.modules.map(({ proof }) => proof)).not.toContain('none')
    },
  )
})

/** A HEX file leaves out the last 36 bytes of a SoftDevice, as the docs' own do; no program looks at them. */
function imageIn(source: string, file: string): FlashImage {
  const image = imageOf(file, bytesOf(file))
  const isCut = source.endsWith('.hex') && file.endsWith('softdevice.bin')
  return isCut ? { ...image, bytes: image.bytes.subarray(0, -36) } : image
}

describeWithFirmware('the real network processor firmware of an Argon', () => {
  it('is sent with its set, and lies in the processor beside the chip byte for byte', async () => {
    const { library, remove } = await libraryOf([join(firmwareFolder, 'argon/4.0.2')])
    onTestFinished(remove)
    const sha256 = createHash('sha256').update(bytesOf('argon/4.0.2/tinker.bin')).digest('hex')
    const user = { modules: { argon: sha256 } }
    const recipe = await resolved(library, { platforms: ['argon'], deviceOs: '4.0.2', user, force: true })
    const line = openLine({ boards: [{ platform: 'argon', deviceOs: '2.0.1' }], shelf: library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.fault).toBeNull()
    const ncp = line.records()[0]?.closing?.modules.find(({ kind }) => kind === 'ncp')
    expect(ncp).toMatchObject({ action: 'updated', after: 5, proof: 'reported-version' })
    const held = line.boards[0]?.chips.ncp?.firmware ?? new Uint8Array()
    // What lies between the header of 24 bytes and the suffix of 36 with its CRC.
    expect(Buffer.compare(held, bytesOf('argon/4.0.2/ncp.bin').subarray(24, -40))).toBe(0)
  })
})

function bytesOf(file: string): Uint8Array {
  return readFileSync(join(firmwareFolder, file))
}

function anotherOf(platform: PlatformName, deviceOs: string): string {
  const { older, newer } = fullRestores[platform]
  return older === deviceOs ? newer : older
}
