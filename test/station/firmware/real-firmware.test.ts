// The acceptance list: every real module and archive is read to the same facts as its manifest, and every malformed one
// is refused at its layer for its reason.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkModuleFitsBoard } from '../../../src/main/station/firmware/fits-board.ts'
import type { ModuleFacts } from '../../../src/main/station/firmware/module-facts.ts'
import { inspectModule, parseModule } from '../../../src/main/station/firmware/parse-module.ts'
import { Refusal } from '../../../src/main/station/firmware/refusal.ts'
import { moduleName } from '../../../src/shared/model/module.ts'
import {
  badFiles,
  describeWithFirmware,
  firmwareFile,
  firmwareFolder,
  type ListedDependency,
  type ListedFile,
  listedFiles,
} from './shared-firmware.ts'
import { temporaryLibrary } from './temporary-library.ts'

const functionIds = { bootloader: 2, mono: 3, system: 4, user: 5, ncp: 7, radio: 8, asset: 9 } as const
const hashRanges = { whole: 'all-but-last-38', payload: 'payload-24-to-minus-40' } as const

function headerOf(facts: ModuleFacts) {
  return {
    platformId: facts.platformId,
    moduleFunction: facts.functionId,
    moduleIndex: facts.module.index,
    moduleVersion: facts.module.version,
    flags: facts.flags,
    reserved: facts.mcuTarget,
    startAddress: `0x${facts.module.startAddress.toString(16)}`,
    endAddress: `0x${facts.module.endAddress.toString(16)}`,
    prefixOffset: facts.prefixOffset,
    prefixSize: facts.prefixSizeBytes,
    size: facts.module.sizeBytes,
    sha256: facts.module.sha256,
    dependencies: facts.module.dependencies.map(({ kind, index, version }) => [functionIds[kind], index, version]),
  }
}

function tailOf(facts: ModuleFacts) {
  return {
    suffixSize: facts.suffixSizeBytes,
    productId: facts.productId ?? -1,
    productVersion: facts.productVersion ?? -1,
    suffixSha256: facts.module.suffixSha256,
    sha256Covers: hashRanges[facts.hashCovers],
    crcStored: facts.crc,
  }
}

function extrasOf(facts: ModuleFacts) {
  return {
    extensions: facts.extensions.map(({ where, type, sizeBytes }) => ({ where, type, length: sizeBytes })),
    assets: facts.module.platform === 'any' ? [] : facts.module.requiredAssets,
  }
}

function listedHeader(file: ListedFile) {
  const dependencies = [file.dependency, file.dependency2].filter((each): each is ListedDependency => each !== null)
  const { platformId, moduleFunction, moduleIndex, moduleVersion, flags, reserved } = file
  const { startAddress, endAddress, prefixOffset, prefixSize, size, sha256 } = file
  return {
    ...{ platformId, moduleFunction, moduleIndex, moduleVersion, flags, reserved },
    ...{ startAddress, endAddress, prefixOffset, prefixSize, size, sha256 },
    dependencies: dependencies.map((each) => [each.function, each.index, each.version]),
  }
}

function listedTail(file: ListedFile) {
  const { suffixSize, productId, productVersion, suffixSha256, sha256Covers, crcStored } = file
  return { suffixSize, productId, productVersion, suffixSha256, sha256Covers, crcStored }
}

const modules = listedFiles().filter((file) => file.file.endsWith('.bin'))
const good = modules.filter((file) => !/^(odd|core)\//.test(file.file))
const combined = good.filter((file) => (file.flags & 0x04) !== 0)
const single = good.filter((file) => (file.flags & 0x04) === 0)
const archives = listedFiles().filter((file) => file.file.endsWith('.zip'))

describeWithFirmware('real modules', () => {
  it('are there in number', () => {
    expect(good.length).toBeGreaterThan(70)
    expect(archives.length).toBeGreaterThan(9)
  })

  it.each(single.map((file) => [file.file, file] as const))('%s is read as its manifest says', (path, listed) => {
    const facts = inspectModule(firmwareFile(path), { source: path })
    expect(headerOf(facts)).toEqual(listedHeader(listed))
    expect(tailOf(facts)).toEqual(listedTail(listed))
    const extensions = (listed.extensions ?? []).map(({ where, type, length }) => ({ where, type, length }))
    expect(extrasOf(facts)).toEqual({ extensions, assets: listed.assets ?? [] })
  })

  // The manifest reads a combined file as one module: the header of the first, the tail of the last.
  it.each(combined.map((file) => [file.file, file] as const))('%s is read as two modules', (path, listed) => {
    const facts = inspectModule(firmwareFile(path), { source: path })
    expect(headerOf(facts)).toEqual(listedHeader(listed))
    if (facts.inner === null) return expect.fail('there is no second module')
    const { sha256Covers, ...tail } = listedTail(listed)
    expect(tailOf(facts.inner)).toMatchObject(tail)
    expect(sha256Covers).toBe('none')
  })

  it.each([
    ['core/0.0.0/tinker.bin', 'UNSUPPORTED_PLATFORM', /Core/],
    ['odd/103_system-part1.bin', 'UNSUPPORTED_PLATFORM', /Bluz/],
    ['odd/RC2_bootloader.bin', 'SIZE_MISMATCH', /Photon bootloader/],
    ['odd/RC4_bootloader_pad_BM-09.bin', 'SIZE_MISMATCH', /Photon bootloader/],
    ['odd/RC4_bootloader_pad_BM-14.bin', 'SIZE_MISMATCH', /P1 bootloader/],
    ['odd/RC4_unlocker.bin', 'FORBIDDEN_MODULE', /Photon mono .*unlocker/],
    ['odd/unknown.bin', 'NOT_FIRMWARE', /no Particle module header/],
    ['bad/rtl-prebootloader-mbr.bin', 'FORBIDDEN_MODULE', /prebootloader-mbr/],
  ])('%s is recognised and refused', (path, reason, words) => {
    const parse = () => inspectModule(firmwareFile(path), { source: path })
    expect(parse).toThrow(words)
    expect(parse).toThrow(expect.objectContaining({ reason, file: path }))
  })
})

describeWithFirmware('real archives and folders', () => {
  it.each(archives.map((file) => file.file))('%s is taken whole', async (path) => {
    const library = await temporaryLibrary()
    const { imported, refused } = await library.importPaths([join(firmwareFolder, path)])
    expect(refused).toEqual([])
    expect(imported.length).toBeGreaterThan(0)
  })

  it.each([
    ['boron/4.0.2', 'boron', '4.0.2', ['bootloader', 'radio', 'system 1']],
    ['photon/2.3.1', 'photon', '2.3.1', ['bootloader', 'system 1', 'system 2']],
    ['restore/5.6.0/p2.zip', 'p2', '5.6.0', ['bootloader', 'bootloader 2', 'system 1']],
    ['restore/2.0.1/boron.zip', 'boron', '2.0.1', ['radio', 'system 1', 'bootloader']],
    ['restore/2.3.1/electron.zip', 'electron', '2.3.1', ['system 3', 'system 1', 'system 2', 'bootloader']],
  ] as const)('%s is a complete Device OS set', async (...row) => {
    const [path, platform, deviceOs, expected] = row
    const library = await temporaryLibrary()
    await library.importPaths([join(firmwareFolder, path)])
    const found = await library.findSet(platform, deviceOs)
    expect(found?.lacks).toEqual([])
    expect(found?.modules.map(moduleName)).toEqual(expected)
    expect(found?.user).toMatchObject({ kind: 'user', deviceOsVersion: deviceOs })
    for (const module of found?.modules ?? []) {
      expect((await library.bytesOf(module)).length).toBe(module.sizeBytes)
      checkModuleFitsBoard(module, platform)
    }
  })

  it('the Argon SoftDevice is taken in a Boron set, where real sets have it', async () => {
    const library = await temporaryLibrary()
    await library.importPaths([join(firmwareFolder, 'restore/2.0.1/boron.zip')])
    const found = await library.findSet('boron', '2.0.1')
    const radio = found?.modules.find((module) => module.kind === 'radio')
    expect(radio?.platform).toBe('argon')
  })

  it('the whole tree is imported in one go', async () => {
    const library = await temporaryLibrary()
    const { imported, refused } = await library.importPaths([firmwareFolder])
    expect(imported.length).toBeGreaterThan(40)
    const blamed = refused.map((refusal) => refusal.file).filter((file) => !/\/(bad|odd|core)\//.test(file))
    expect(blamed).toEqual([])
  })
})

/** Reasons that have another name here than in the manifest of the malformed files. */
const ownNames: Readonly<Record<string, string>> = { DUPLICATE_OR_NAME: 'NAME_MISMATCH' }

describeWithFirmware('malformed firmware', () => {
  const refusedAtImport = badFiles().filter((file) => file.layer !== 'plan')

  it.each(refusedAtImport.map((file) => [file.file, file] as const))('%s is refused', async (path, bad) => {
    const library = await temporaryLibrary()
    const { imported, refused } = await library.importPaths([join(firmwareFolder, 'bad', path)])
    expect(imported).toEqual([])
    expect(refused).toMatchObject([{ reason: ownNames[bad.reason] ?? bad.reason, layer: bad.layer }])
    expect(refused[0]?.detail).toContain(path)
    expect(await library.sets()).toEqual([])
  })

  it('a P1 module is good by itself and refused on a Photon', () => {
    const module = parseModule(firmwareFile('bad/wrong-platform-p1-for-photon.bin'), { source: 'p1.bin' })
    checkModuleFitsBoard(module, 'p1')
    expect(() => checkModuleFitsBoard(module, 'photon')).toThrow(Refusal)
    expect(() => checkModuleFitsBoard(module, 'photon')).toThrow(
      expect.objectContaining({ code: 'PLAN_REFUSED', layer: 'plan', reason: 'WRONG_PLATFORM' }),
    )
  })
})

describeWithFirmware('real packed modules', () => {
  it.each([
    ['derived/tracker-tinker-5.3.1-compressed.bin', ['user 2']],
    ['derived/tracker-combined-bootloader+tinker.bin', ['bootloader', 'user 2']],
  ])('%s is taken with what it stands for', async (path, names) => {
    const library = await temporaryLibrary()
    const { imported, refused } = await library.importPaths([join(firmwareFolder, path)])
    expect(refused).toEqual([])
    expect(imported[0]?.modules.map(moduleName)).toEqual(names)
    const listed = new Set(listedFiles().map((file) => file.sha256))
    for (const module of imported[0]?.modules ?? []) {
      checkModuleFitsBoard(module, 'tracker')
      // The original file, byte for byte, is among the real ones.
      expect(listed).toContain(module.sha256)
    }
  })
})
