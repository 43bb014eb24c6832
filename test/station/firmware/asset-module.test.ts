// Assets on their way to a board: what an application needs, whether it fits, and the module that carries it.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkAssetsFit } from '../../../src/main/station/firmware/asset-limits.ts'
import { buildAssetModule } from '../../../src/main/station/firmware/build-asset-module.ts'
import { decodeVariables, encodeVariables } from '../../../src/main/station/firmware/env-asset.ts'
import type { BoardModule } from '../../../src/main/station/firmware/module-facts.ts'
import { sha256Of } from '../../../src/main/station/firmware/module-suffix.ts'
import { inspectModule } from '../../../src/main/station/firmware/parse-module.ts'
import { refuser } from '../../../src/main/station/firmware/refusal.ts'
import { assetModule, boron, p2, photon } from './module-builder.ts'
import { describeWithFirmware, firmwareFile, firmwareFolder } from './shared-firmware.ts'
import { folderWith, temporaryLibrary } from './temporary-library.ts'

const refuse = refuser('set', 'app.zip')

describe('an asset module', () => {
  it('is read back to the asset it was built from, packed only where that is smaller', () => {
    for (const [raw, isPacked] of [
      [Buffer.from('cat\n'), false],
      [Buffer.alloc(20_000, 'a cat '), true],
      [Buffer.alloc(0), false],
    ] as const) {
      const facts = inspectModule(buildAssetModule(raw, { name: 'cat.txt', type: 'plain' }), { source: 'cat.txt' })
      expect(facts.module).toMatchObject({ kind: 'asset', assetName: 'cat.txt', assetSha256: sha256Of(raw) })
      expect(facts.module.isCompressed).toBe(isPacked)
      expect(Buffer.from(facts.unpacked ?? [1])).toEqual(raw)
    }
  })

  it('of environment variables is of type 1 and never packed', () => {
    const raw = encodeVariables({ LONG: 'a'.repeat(5000) })
    const facts = inspectModule(buildAssetModule(raw, { name: 'env', type: 'env' }), { source: 'env' })
    expect(facts.module.isCompressed).toBe(false)
    expect(facts.extensions.find(({ type }) => type === 0x14)?.data).toEqual(Buffer.from([1, 0]))
  })
})

describe('environment variables', () => {
  it('are the same after encoding and decoding, in whatever order they were', () => {
    const variables = { B: '', A: 'x'.repeat(300), C_1: 'grün' }
    expect(decodeVariables(encodeVariables(variables))).toEqual(variables)
    const turned = Object.fromEntries(Object.entries(variables).toReversed())
    expect(encodeVariables(turned)).toEqual(encodeVariables(variables))
  })

  it.each([
    ['a cut entry', [0x0a, 0x05, 0x0a, 0x01]],
    ['another field', [0x12, 0x00]],
    ['an endless length', [0x0a, 0xff, 0xff, 0xff, 0xff]],
    ['a name given twice', [...encodeVariables({ A: '1' }), ...encodeVariables({ A: '2' })]],
    ['bytes after a value', [0x0a, 0x08, 0x0a, 0x01, 0x41, 0x12, 0x01, 0x31, 0x12, 0x00]],
    ['no UTF-8', [0x0a, 0x06, 0x0a, 0x01, 0xff, 0x12, 0x01, 0x31]],
  ])('are not read from %s', (_, bytes) => {
    expect(decodeVariables(Uint8Array.from(bytes))).toBeNull()
  })
})

describe('the assets of an application', () => {
  const reason = (name: Parameters<typeof checkAssetsFit>[0], moduleBytes: readonly number[]) => () =>
    checkAssetsFit(
      name,
      moduleBytes.map((each, at) => ({ name: `${at}.bin`, moduleBytes: each })),
      refuse,
    )

  it('are bounded one by one and together, by what the platform stores', () => {
    expect(reason('boron', [606_208])).not.toThrow()
    expect(reason('boron', [606_209])).toThrow(/"0.bin" takes 606209 bytes/)
    expect(reason('tracker', [1_000_000])).not.toThrow()
    // 278 blocks of 4088 bytes are free on the small store.
    expect(reason('boron', [606_208, 4088 * 129])).not.toThrow()
    expect(reason('boron', [606_208, 4088 * 129 + 1])).toThrow(/279 blocks; 278/)
    expect(reason('photon', [1])).toThrow(/Photon stores none/)
    expect(reason('photon', [])).not.toThrow()
  })

  it('of a bundle are found again, each as a module', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({
      'app.bin': p2.userWithAsset('cat.txt', 'a cat'),
      'assets/cat.txt': 'a cat',
      'assets/env': encodeVariables({ B: '2', A: '1' }),
      'env.json': '{"A":"1","B":"2"}',
    })
    const { imported, refused } = await library.importPaths([folder])
    expect(refused).toEqual([])
    const application = imported[0]?.modules[0] as BoardModule
    const assets = await library.assetsOf(application)
    expect(assets).toEqual([
      { name: 'cat.txt', type: 'plain', sha256: sha256Of(Buffer.from('a cat')), sizeBytes: 5 },
      { name: 'env', type: 'env', sha256: sha256Of(encodeVariables({ B: '2', A: '1' })), sizeBytes: 16 },
    ])
    for (const asset of assets) {
      const { module } = inspectModule(await library.assetModuleOf(asset), { source: asset.name })
      expect(module).toMatchObject({ assetName: asset.name, assetSha256: asset.sha256 })
    }
  })

  it('may come out of an asset module file', async () => {
    const library = await temporaryLibrary()
    const bare = await folderWith({ 'app.bin': p2.userWithAsset('cat.txt', 'a cat') })
    const { imported } = await library.importPaths([bare])
    const application = imported[0]?.modules[0] as BoardModule
    await expect(library.assetsOf(application)).rejects.toMatchObject({
      code: 'FIRMWARE_MISSING',
      detail: expect.stringContaining('"cat.txt"'),
    })
    await library.importPaths([await folderWith({ 'cat.bin': assetModule('cat.txt', 'a cat', { packed: true }) })])
    const [asset] = await library.assetsOf(application)
    expect(asset).toMatchObject({ name: 'cat.txt', sizeBytes: 5 })
  })

  it('that disagree about the variables are not chosen between', async () => {
    const library = await temporaryLibrary()
    let application: BoardModule | undefined
    for (const value of ['1', '2']) {
      const folder = await folderWith({ 'app.bin': boron.user(), 'env.json': JSON.stringify({ A: value }) })
      const { imported } = await library.importPaths([folder])
      application = imported[0]?.modules[0]
    }
    await expect(library.assetsOf(application as BoardModule)).rejects.toMatchObject({ code: 'FIRMWARE_MISSING' })
  })

  it('are refused at import where their encoded variables say another thing, or the platform stores none', async () => {
    const library = await temporaryLibrary()
    const folder = await folderWith({
      'app.bin': boron.user(),
      'env.json': '{"A":"1"}',
      'assets/env': encodeVariables({ A: '2' }),
    })
    expect((await library.importPaths([folder])).refused).toMatchObject([{ reason: 'MANIFEST_MISMATCH' }])
    const onPhoton = await folderWith({ 'app.bin': photon.user(), 'env.json': '{"A":"1"}' })
    expect((await library.importPaths([onPhoton])).refused).toMatchObject([{ reason: 'ASSET_LIMIT' }])
  })
})

describeWithFirmware('real asset modules', () => {
  it.each(['cat', 'env'])('%s is built byte for byte from what it holds', (name) => {
    const real = firmwareFile(`assets/${name}-asset-module.bin`)
    const { module, unpacked } = inspectModule(real, { source: name })
    if (module.kind !== 'asset' || !('assetName' in module)) return expect.fail('no asset')
    const type = name === 'env' ? 'env' : 'plain'
    const built = buildAssetModule(unpacked ?? new Uint8Array(), { name: module.assetName, type })
    if (name === 'env') return expect(Buffer.from(built)).toEqual(Buffer.from(real))
    // The real one was left unpacked although packing saves a little.
    expect(inspectModule(built, { source: name }).module).toMatchObject({ assetSha256: module.assetSha256 })
  })

  it('readme.txt, packed, unpacks to the same asset from ours', () => {
    const { module, unpacked } = inspectModule(firmwareFile('assets/readme-txt-asset-module.bin'), { source: 'x' })
    const built = inspectModule(buildAssetModule(unpacked ?? new Uint8Array(), { name: 'readme.txt', type: 'plain' }), {
      source: 'y',
    })
    expect(built.module.isCompressed).toBe(true)
    expect(built.unpacked).toEqual(unpacked)
    expect(built.module).toMatchObject({ assetName: 'readme.txt', sizeBytes: module.sizeBytes })
  })

  it('the variables of env-asset-module.bin are read', () => {
    const { unpacked } = inspectModule(firmwareFile('assets/env-asset-module.bin'), { source: 'env' })
    expect(decodeVariables(unpacked ?? new Uint8Array())).toEqual({ FOO: 'bar' })
  })

  it.each(['argon-bundle', 'argon-bundle-2'])('%s gives its three assets', async (name) => {
    const library = await temporaryLibrary()
    const { imported } = await library.importPaths([join(firmwareFolder, `bundles/${name}.zip`)])
    const assets = await library.assetsOf(imported[0]?.modules[0] as BoardModule)
    expect(assets.map((asset) => asset.name).toSorted()).toEqual(['cat.txt', 'house.txt', 'water.txt'])
  })
})
