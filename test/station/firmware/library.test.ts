import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeVariables } from '../../../src/main/station/firmware/env-asset.ts'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import type { LibraryModule } from '../../../src/main/station/firmware/library-model.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { moduleName } from '../../../src/shared/model/module.ts'
import { assetModule, boron, boronUser, buildModule, p2, pack, photon, sha256Text } from './module-builder.ts'
import { type Files, folderWith, temporaryFolder, temporaryLibrary } from './temporary-library.ts'
import { zipWith } from './zip-builder.ts'

function names(modules: readonly LibraryModule[]): readonly string[] {
  return modules.map((module) => `${module.platform} ${moduleName(module)}`)
}

const boronFiles = {
  'bootloader.bin': boron.bootloader(),
  'softdevice.bin': boron.softDevice(),
  'system-part1.bin': boron.system(),
  'tinker.bin': boron.user(),
}
const photonFiles = {
  'bootloader.bin': photon.bootloader(),
  'system-part1.bin': photon.system1(),
  'system-part2.bin': photon.system2(),
  'tinker.bin': photon.user(),
}

describe('the firmware library', () => {
  it('takes a folder of modules as one Device OS set', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith(boronFiles)
    const { imported, refused } = await library.importPaths([folder])
    expect(refused).toEqual([])
    expect(imported).toMatchObject([{ platform: 'boron', deviceOsVersion: '4.0.2', lacks: [], isNew: true }])
    const found = await library.findSet('boron', '4.0.2')
    expect(names(found?.modules ?? [])).toEqual(['boron bootloader', 'boron radio', 'boron system 1'])
    expect(found?.user).toMatchObject({ kind: 'user', deviceOsVersion: '4.0.2' })
    const [system] = (found?.modules ?? []).filter((module) => module.kind === 'system')
    if (system === undefined) return expect.fail('no system part')
    expect(await library.bytesOf(system)).toEqual(Buffer.from(boron.system()))
  })

  it('takes each folder and each zip below a folder as a set of its own', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({
      'boron/tinker.bin': boron.user(),
      'photon/old/tinker.bin': photon.user(),
      'zips/photon.zip': zipWith(photonFiles),
      'notes.txt': 'nothing',
    })
    const { imported, refused } = await library.importPaths([folder])
    expect(refused).toEqual([])
    expect(imported.map((set) => `${set.platform} ${set.deviceOsVersion}`)).toEqual([
      'boron null',
      'photon null',
      'photon 2.3.1',
    ])
  })

  it('takes the folders of a release archive apart', async () => {
    const library = await temporaryLibrary()
    const { imported } = await library.importUpload(
      'release.zip',
      zipWith({
        '4.0.2/boron/release/boron-system-part1@4.0.2.bin': boron.system(),
        '4.0.2/boron/release/boron-bootloader@4.0.2+lto.bin': boron.bootloader(),
        '4.0.2/photon/release/photon-tinker@2.3.1.bin': photon.user(),
        '4.0.2/boron/release/boron.elf': 'not firmware',
      }),
    )
    expect(imported.map((set) => set.source)).toEqual([
      'release.zip/4.0.2/boron/release',
      'release.zip/4.0.2/photon/release',
    ])
    expect(imported[0]?.lacks).toEqual([{ kind: 'radio', index: 0, version: 202, wantedBy: 'system 1' }])
  })

  it('says where each module came from and lists it once for each release', async () => {
    const library = await temporaryLibrary()
    await library.importUpload('photon.zip', zipWith(photonFiles))
    await library.importUpload('tinker.bin', photon.user())
    const listed = await library.modules()
    expect(listed.map((module) => `${moduleName(module)} ${module.deviceOsVersion} ${module.source}`)).toEqual([
      'bootloader 2.3.1 photon.zip: bootloader.bin',
      'system 1 2.3.1 photon.zip: system-part1.bin',
      'system 2 2.3.1 photon.zip: system-part2.bin',
      'user 1 2.3.1 photon.zip: tinker.bin',
    ])
  })

  it('knows a set again, however it was packed', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith(boronFiles)
    await library.importPaths([folder])
    const { imported } = await library.importUpload('boron.zip', zipWith(boronFiles))
    expect(imported).toMatchObject([{ isNew: false, source: 'boron.zip' }])
    expect(await library.sets()).toHaveLength(1)
  })

  it('takes nothing of a bad set, and the good sets beside it', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({
      'bad/bootloader.bin': photon.bootloader(),
      'bad/tinker.bin': photon.user().subarray(0, -1),
      'bad/other.bin': 'x',
      'good/tinker.bin': photon.user('good'),
    })
    const { imported, refused } = await library.importPaths([folder])
    expect(refused.map((refusal) => [refusal.reason, refusal.layer])).toEqual([
      ['TOO_SHORT', 'parse'],
      ['TRUNCATED', 'parse'],
    ])
    expect(imported.map((set) => set.modules.length)).toEqual([1])
    expect(await library.modules()).toHaveLength(1)
  })

  it('keeps several user parts of a folder to be chosen, and none of them is the one of the set', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({ ...boronFiles, 'blinky.bin': boron.user('blinky') })
    const { imported } = await library.importPaths([folder])
    expect(names(imported[0]?.others ?? [])).toEqual(['boron user 1', 'boron user 1'])
    expect((await library.findSet('boron', '4.0.2'))?.user).toBeNull()
    const chosen = await library.findUser('boron', { fileName: 'blinky.bin' })
    expect(chosen).toMatchObject({ kind: 'user', source: expect.stringMatching(/blinky\.bin$/) })
    expect(await library.findUser('boron', { sha256: chosen?.sha256 ?? '' })).toEqual(chosen)
    expect(await library.findUser('photon', { fileName: 'blinky.bin' })).toBeNull()
  })

  it('never takes a bootloader that locks the board into a set', async () => {
    const library = await temporaryLibrary()
    const { imported } = await library.importPaths([
      await folderWith({ 'plain.bin': p2.bootloader(), 'locking.bin': p2.lockingBootloader() }),
    ])
    expect(imported[0]?.modules).toMatchObject([{ kind: 'bootloader', locksBoard: false }])
    expect(imported[0]?.others).toMatchObject([{ kind: 'bootloader', locksBoard: true }])
  })

  it('takes single files that make a set as a set, and else each by itself', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({ ...photonFiles, 'boron.bin': boron.user(), 'broken.bin': 'x' })
    const photonPaths = Object.keys(photonFiles).map((name) => join(folder, name))
    expect((await library.importPaths(photonPaths)).imported).toMatchObject([{ deviceOsVersion: '2.3.1', lacks: [] }])
    const mixed = await library.importPaths([join(folder, 'boron.bin'), join(folder, 'broken.bin')])
    expect(mixed.imported).toMatchObject([{ platform: 'boron', source: 'boron.bin' }])
    expect(mixed.refused).toMatchObject([{ reason: 'TOO_SHORT', file: 'broken.bin' }])
  })

  it('reports the files it reads, up to the last', async () => {
    const library = await temporaryLibrary()
    const seen: string[] = []
    const folder = await folderWith(photonFiles)
    await library.importPaths([folder], {
      onProgress: ({ file, done, total }) => seen.push(`${file.slice(file.lastIndexOf('/') + 1)} ${done}/${total}`),
    })
    expect(seen.slice(0, 4)).toEqual([
      'bootloader.bin 0/4',
      'system-part1.bin 1/4',
      'system-part2.bin 2/4',
      'tinker.bin 3/4',
    ])
    expect(seen.at(-1)).toMatch(/ 4\/4$/)
  })

  it('stops when it is told to', async () => {
    const library = await temporaryLibrary()
    const stop = new AbortController()
    const folder = await folderWith({ 'a/tinker.bin': photon.user('a'), 'b/tinker.bin': photon.user('b') })
    const running = library.importPaths([folder], {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(running).rejects.toThrow('enough')
    expect(await library.sets()).toHaveLength(1)
  })

  it.each([
    ['photon.hex', 'NO_MODULES'],
    ['notes.txt', 'UNSUPPORTED_FILE'],
    ['absent.bin', 'UNREADABLE'],
    ['empty', 'NO_MODULES'],
  ])('refuses %s with %s', async (name, reason) => {
    const library = await temporaryLibrary()
    const folder = await folderWith({ 'photon.hex': ':00000001FF', 'notes.txt': 'x', 'empty/readme.txt': 'x' })
    const { refused } = await library.importPaths([join(folder, name)])
    expect(refused).toMatchObject([{ reason, file: name }])
  })

  it('follows a link to a file, and no link to a folder', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({ 'real/tinker.bin': photon.user(), 'links/x.txt': '' })
    await symlink(join(folder, 'real/tinker.bin'), join(folder, 'links/linked.bin'))
    await symlink(folder, join(folder, 'links/round'))
    const { imported, refused } = await library.importPaths([join(folder, 'links')])
    expect(refused).toEqual([])
    expect(imported.map((set) => set.modules.length)).toEqual([1])
  })
})

describe('modules of one set', () => {
  async function refusalsOf(files: Files): Promise<readonly unknown[]> {
    const library = await temporaryLibrary()
    const { refused } = await library.importUpload('set.zip', zipWith(files))
    return refused.map((refusal) => `${refusal.layer} ${refusal.reason}`)
  }

  it.each<[string, Files]>([
    ['NO_MODULES', { 'readme.txt': 'x' }],
    ['NO_MODULES', { 'inner.zip': zipWith(photonFiles) }],
    ['WRONG_PLATFORM', { 'bootloader.bin': photon.bootloader(), 'tinker.bin': boron.user() }],
    ['WRONG_PLATFORM', { ...boronFiles, 'softdevice.bin': boron.softDevice(12) }],
    ['DUPLICATE_MODULE', { 'a.bin': photon.user('a'), 'b.bin': photon.user('b') }],
    ['NAME_MISMATCH', { 'bootloader.bin': photon.user() }],
    ['NAME_MISMATCH', { 'system-part1.bin': photon.system2() }],
    ['NAME_MISMATCH', { 'p1-tinker@2.3.1.bin': photon.user() }],
    ['MIXED_VERSIONS', { 'a.bin': photon.system1(2303), 'b.bin': photon.system2(2302) }],
    ['DEPENDENCY', { 'a.bin': photon.system2(), 'tinker.bin': photon.user('x', 2303) }],
    ['CRC_MISMATCH', { 'tinker.bin': Uint8Array.from(photon.user()).fill(1, 40, 41) }],
    ['DUPLICATE_MODULE', { 'a.bin': photon.user('a'), 'b.bin': photon.user('b'), 'assets/x.txt': 'x' }],
    ['ASSET_MISSING', { 'app.bin': p2.userWithAsset('cat.txt', 'a cat'), 'assets/dog.txt': 'a dog' }],
    ['ASSET_HASH', { 'app.bin': p2.userWithAsset('cat.txt', 'a cat'), 'assets/cat.txt': 'a dog' }],
    ['BAD_MANIFEST', { 'app.bin': p2.user(), 'env.json': '{ not json' }],
    ['BAD_MANIFEST', { 'app.bin': p2.user(), 'env.json': '{"lower":"x"}' }],
    ['BAD_MANIFEST', { 'app.bin': p2.user(), 'env.json': '{"NUMBER":1}' }],
  ])('are refused for %s', async (reason, files) => {
    expect(await refusalsOf(files)).toEqual([`set ${reason}`])
  })

  it('may lack some, which is told and not refused', async () => {
    const library = await temporaryLibrary()
    const { imported } = await library.importUpload('set.zip', zipWith({ 'system-part2.bin': photon.system2() }))
    expect(imported[0]?.lacks).toEqual([
      { kind: 'system', index: 1, version: 2302, wantedBy: 'system 2' },
      { kind: 'bootloader', index: 0, version: 1003, wantedBy: 'system 2' },
    ])
  })

  it('may be an application with its assets and variables', async () => {
    const library = await temporaryLibrary()
    const files = {
      'app.bin': p2.userWithAsset('cat.bin', 'a cat'),
      'assets/cat.bin': 'a cat',
      'assets/env': encodeVariables({ COLOUR: 'blue' }),
      'env.json': '{"COLOUR":"blue"}',
    }
    const { imported, refused } = await library.importUpload('bundle.zip', zipWith(files))
    expect(refused).toEqual([])
    expect(imported).toMatchObject([
      { assets: [{ name: 'cat.bin', sha256: sha256Text('a cat'), sizeBytes: 5 }], env: { COLOUR: 'blue' } },
    ])
    expect(imported[0]?.modules).toHaveLength(1)
  })

  it('may be asset modules, which fit any board', async () => {
    const library = await temporaryLibrary()
    const { imported } = await library.importUpload('cat.bin', assetModule('cat.txt', 'a cat'))
    expect(imported).toMatchObject([
      { platform: null, modules: [], others: [{ platform: 'any', assetName: 'cat.txt' }] },
    ])
    expect((await library.modules())[0]).toMatchObject({ platform: 'any', kind: 'asset', deviceOsVersion: null })
  })
})

describe('the library on disk', () => {
  it('is the same when it is opened again', async () => {
    const folder = await temporaryFolder()
    const first = await openLibrary(folder, { clock: systemClock })
    await first.importUpload('photon.zip', zipWith(photonFiles))
    const again = await openLibrary(folder, { clock: systemClock })
    expect(await again.sets()).toEqual(await first.sets())
  })

  it('never hands out a file that changed, and mends it when it is imported again', async () => {
    const folder = await temporaryFolder()
    const library = await openLibrary(folder, { clock: systemClock })
    const { imported } = await library.importUpload('tinker.bin', photon.user())
    const [module] = imported[0]?.modules ?? []
    if (module === undefined) return expect.fail('nothing was imported')
    await writeFile(join(folder, 'files', module.sha256), Uint8Array.from(photon.user()).fill(9, 50, 51))
    await expect(library.bytesOf(module)).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
    await library.importUpload('tinker.bin', photon.user())
    expect(await library.bytesOf(module)).toEqual(Buffer.from(photon.user()))
  })

  it('never hands out a file for a place that its header does not name', async () => {
    const library = await temporaryLibrary()
    const { imported } = await library.importUpload('tinker.bin', photon.user())
    const [module] = imported[0]?.modules ?? []
    if (module === undefined) return expect.fail('nothing was imported')
    await expect(library.bytesOf({ ...module, startAddress: 0x0800_0000 })).rejects.toMatchObject({
      code: 'FIRMWARE_CORRUPT',
    })
  })

  it('tells which index records are damaged and keeps the others', async () => {
    const folder = await temporaryFolder()
    const library = await openLibrary(folder, { clock: systemClock })
    await library.importUpload('tinker.bin', photon.user())
    await library.importUpload('boron.zip', zipWith(boronFiles))
    const [victim] = (await readdir(join(folder, 'sets'))).toSorted()
    const path = join(folder, 'sets', victim ?? '')
    await writeFile(path, (await readFile(path)).subarray(0, 100))
    expect(await library.damaged()).toEqual([victim])
    expect(await library.sets()).toHaveLength(1)
  })

  it('keeps what another set still holds when a set is removed', async () => {
    const folder = await temporaryFolder()
    const library = await openLibrary(folder, { clock: systemClock })
    const whole = await library.importUpload('photon.zip', zipWith(photonFiles))
    const single = await library.importUpload('tinker.bin', photon.user())
    expect(await library.remove(whole.imported[0]?.id ?? '')).toBe(true)
    expect(await library.remove(whole.imported[0]?.id ?? '')).toBe(false)
    expect(await readdir(join(folder, 'files'))).toEqual([single.imported[0]?.modules[0]?.sha256])
  })

  it('takes imports that run at the same time', async () => {
    const library = await temporaryLibrary()
    const zips = [zipWith(photonFiles), zipWith(boronFiles), zipWith(photonFiles), zipWith({ 'a.bin': p2.user() })]
    await Promise.all(zips.map((bytes, at) => library.importUpload(`${at}.zip`, bytes)))
    expect(await library.sets()).toHaveLength(3)
    for (const module of await library.modules()) await library.bytesOf(module)
  })
})

describe('a packed file', () => {
  it('that is compressed brings its original along, which is what a job takes', async () => {
    const library = await temporaryLibrary()
    const packed = buildModule({ ...boronUser(''), flags: 0x02, payload: pack(boron.user()) })
    const { imported, refused } = await library.importUpload('packed.zip', zipWith({ 'app.bin': packed }))
    expect(refused).toEqual([])
    const [set] = imported
    expect(set?.modules).toMatchObject([
      { sha256: sha256Text(boron.user()), isCompressed: false, source: 'packed.zip: app.bin (unpacked)' },
    ])
    expect(set?.others).toMatchObject([{ sha256: sha256Text(packed), isCompressed: true }])
    const [original] = set?.modules ?? []
    if (original) expect(await library.bytesOf(original)).toEqual(Buffer.from(boron.user()))
  })

  it('that is combined brings both of its modules along, the first as it was by itself', async () => {
    const library = await temporaryLibrary()
    const first = {
      platformId: 13,
      functionId: 2,
      index: 0,
      start: 0xf_4000,
      prefixOffset: 0x200,
      version: 1101,
    } as const
    const firstBytes = [0x00, 0xf0, 0x03, 0x20]
    const combined = Buffer.concat([buildModule({ ...first, firstBytes, flags: 0x04 }), boron.user()])
    const { imported } = await library.importUpload('both.bin', combined)
    expect(imported[0]?.modules.map(({ sha256 }) => sha256)).toEqual(
      [buildModule({ ...first, firstBytes }), boron.user()].map((bytes) => sha256Text(bytes)),
    )
    expect(imported[0]?.others).toMatchObject([{ isCombined: true }])
  })

  it('beside its original is no second module for its place', async () => {
    const library = await temporaryLibrary()
    const packed = buildModule({ ...boronUser(''), flags: 0x02, payload: pack(boron.user()) })
    const files = { 'app.bin': packed, 'plain.bin': boron.user() }
    const { imported, refused } = await library.importUpload('packed.zip', zipWith(files))
    expect(refused).toEqual([])
    expect(imported[0]?.modules).toHaveLength(1)
    const twice = { ...files, 'other.bin': boron.user('another') }
    expect((await library.importUpload('twice.zip', zipWith(twice))).refused).toMatchObject([
      { reason: 'DUPLICATE_MODULE' },
    ])
  })
})
