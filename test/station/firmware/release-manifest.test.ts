// JSON beside module files: what is a witness for them, what it may say, and what is left alone.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectModule } from '../../../src/main/station/firmware/parse-module.ts'
import { boron } from './module-builder.ts'
import { describeWithFirmware, firmwareFile } from './shared-firmware.ts'
import { type Files, folderWith, temporaryLibrary } from './temporary-library.ts'

function entry(bytes: Uint8Array) {
  const { module, ...facts } = inspectModule(bytes, { source: 'x' })
  return {
    prefixInfo: {
      moduleStartAddy: module.startAddress.toString(16),
      moduleEndAddy: module.endAddress.toString(16),
      moduleFlags: [],
      moduleVersion: module.version,
      platformID: facts.platformId,
      moduleFunction: 'system_part',
      moduleIndex: module.index,
      prefixOffset: facts.prefixOffset,
    },
    suffixInfo: {
      productId: facts.productId ?? -1,
      productVersion: facts.productVersion ?? -1,
      fwUniqueId: module.suffixSha256,
      suffixSize: facts.suffixSizeBytes,
      crcBlock: facts.crc,
    },
  }
}

const file = 'boron-system-part1@9.9.9.bin'

function release(bytes: Uint8Array, change: object = {}) {
  const listed = { filename: file, crc: { ok: true }, ...entry(bytes) }
  const user = { filename: 'boron-tinker@9.9.9.bin', ...entry(boron.user()) }
  return JSON.stringify({ version: '9.9.9', internal_version: 9901, base_url: 'x', modules: [listed, user], ...change })
}

async function imported(files: Files) {
  const library = await temporaryLibrary()
  return library.importPaths([await folderWith(files)])
}

describe('a release JSON beside its files', () => {
  const system = boron.system(9901)

  it('names a release that is newer than the table, and need not have all its files there', async () => {
    const { imported: sets, refused } = await imported({ [`9.9.9/${file}`]: system, '9.9.9/r.json': release(system) })
    expect(refused).toEqual([])
    expect(sets[0]).toMatchObject({ deviceOsVersion: '9.9.9', modules: [{ deviceOsVersion: '9.9.9' }] })
    expect((await imported({ [file]: system })).imported[0]?.deviceOsVersion).toBeNull()
  })

  it.each([
    ['another file', release(boron.system(9902))],
    ['another module version', release(system, { internal_version: 9902 })],
  ])('that speaks of %s is refused', async (_, text) => {
    expect((await imported({ [file]: system, 'r.json': text })).refused).toMatchObject([
      { reason: 'MANIFEST_MISMATCH' },
    ])
  })

  it('that gives a known system part another name is refused', async () => {
    const known = boron.system(4006)
    const text = release(known, { internal_version: 4006 })
    expect((await imported({ [file]: known, 'r.json': text })).refused).toMatchObject([{ reason: 'MANIFEST_MISMATCH' }])
  })

  it('is told apart from other JSON, and from what is no JSON', async () => {
    const others = { 'package.json': '{"name":"x"}', 'list.json': '[1]', 'large.json': ' '.repeat(1_100_000) }
    expect((await imported({ [file]: system, ...others })).refused).toEqual([])
    expect((await imported({ [file]: system, 'r.json': release(system).slice(0, -9) })).refused).toMatchObject([
      { reason: 'BAD_MANIFEST' },
    ])
  })
})

describeWithFirmware('a restore JSON beside its files', () => {
  const names = ['bootloader', 'softdevice', 'system-part1', 'tinker'] as const
  const files = () => Object.fromEntries(names.map((name) => [`${name}.bin`, firmwareFile(`boron/4.0.2/${name}.bin`)]))

  it('agrees with them', async () => {
    const json = Buffer.from(firmwareFile('restore/4.0.2/boron.json'))
    const { imported: sets, refused } = await imported({ ...files(), 'boron.json': json })
    expect(refused).toEqual([])
    expect(sets[0]).toMatchObject({ deviceOsVersion: '4.0.2', lacks: [] })
  })

  it('of another release is refused', async () => {
    const json = Buffer.from(firmwareFile('restore/2.0.1/boron.json'))
    expect((await imported({ ...files(), 'boron.json': json })).refused).toMatchObject([
      { reason: 'MANIFEST_MISMATCH' },
    ])
  })

  it('speaks of the archive that has its name, where there is one', async () => {
    const archive = firmwareFile('restore/2.0.1/boron.zip')
    const json = Buffer.from(firmwareFile('restore/2.0.1/boron.json'))
    const folder = await folderWith({ ...files(), 'boron.json': json, 'boron.zip': archive })
    const library = await temporaryLibrary()
    expect((await library.importPaths([folder])).refused).toEqual([])
    expect((await library.importPaths([join(folder, 'boron.zip')])).refused).toEqual([])
  })
})
