// Packs with a recipe for DFU devices: made by a station that has the images, taken by one that has nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { maxModuleFileBytes } from '../../src/main/station/firmware/limits.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { type StoredFile, writeStoredZip } from '../../src/main/station/packs/stored-zip.ts'
import { writePack } from '../../src/main/station/packs/write-pack.ts'
import { plainDevice } from '../../src/shared/model/plain-flash.ts'
import { type DfuRecipe, dfuRecipeSchema } from '../../src/shared/model/recipe.ts'
import { boron } from '../station/firmware/module-builder.ts'
import { dfuFile, program } from '../station/images/image-builder.ts'
import { opened, packContent } from '../station/packs/pack-samples.ts'
import { type PlayedDesk, playedDesk } from './desk-under-test.ts'
import { deskKey, onBench, recipeTold, trustingDesk, upload } from './pack-calls.ts'

const plain = dfuFile(program(900), { vendorId: 0x1209, productId: 0x4d46 })
const raw = program(700)
const name = sha256Of(plain)

function recipeWith(images: readonly string[], change: Partial<DfuRecipe> = {}): DfuRecipe {
  const devices = images.map((sha256, at) => ({
    ...plainDevice,
    ...{ name: `Device ${at + 1}`, match: [`1209:4d4${6 + at}`], image: { sha256 } },
  }))
  return dfuRecipeSchema.parse({ format: 'dfu-station-recipe', version: 1, name: 'Line 3', devices, ...change })
}

const both: readonly StoredFile[] = [
  { path: 'images/1/plain.dfu', bytes: plain },
  { path: 'images/2/raw.bin', bytes: raw },
]

async function packOf(recipe: DfuRecipe, files = both, key: typeof deskKey | null = deskKey): Promise<Uint8Array> {
  return writePack(await packContent({ recipe, sets: [], targets: [] }), files, key)
}

const recipe = recipeWith([name, sha256Of(raw)])
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

async function exported({ call, folder }: PlayedDesk, wished: DfuRecipe): Promise<Uint8Array> {
  const { recipeId } = await call('saveRecipe', { recipe: wished })
  await call('exportPack', { recipeId })
  return readFileSync(join(folder, 'exports', 'Line 3.dfupack'))
}

async function refusal(bytes: Uint8Array, desk = trustingDesk()) {
  const under = await desk
  const outcome = await under.outcome('importPack', upload(bytes))
  const left = existsSync(join(under.folder, 'firmware', 'images'))
    ? readdirSync(join(under.folder, 'firmware', 'images'))
    : []
  expect(left, 'nothing of a refused pack stays').toEqual([])
  return outcome.ok ? null : outcome.fault
}

describe('a pack with a recipe for DFU devices', () => {
  it('brings its images to an empty station, which means the very same by its recipe', async () => {
    const maker = await playedDesk()
    await maker.call('importImages', { files: [{ path: 'dir/plain image.dfu', contentBase64: base64(plain) }] })
    await maker.call('importImages', { files: [{ path: 'raw.bin', contentBase64: base64(raw) }] })
    const bytes = await exported(maker, recipeWith([name, sha256Of(raw), sha256Of(raw)]))
    expect((await opened(bytes)).files.map(({ path }) => path)).toEqual([
      'images/1/plain_image.dfu',
      'images/2/raw.bin',
    ])

    const taker = await playedDesk()
    const { own } = await maker.call('readKeys', {})
    await taker.call('trustKey', { name: 'Release desk', publicKey: String(own?.publicKey) })
    const { packs } = await taker.call('importPack', upload(bytes))
    expect(packs).toMatchObject([{ standing: 'trusted', fault: null }])
    await taker.call('choosePack', { packId: String(packs[0]?.packId) })
    expect(recipeTold(taker)?.devices).toMatchObject([
      { image: { sha256: name, format: 'dfu' }, fault: null },
      { image: { sha256: sha256Of(raw), format: 'raw' }, fault: null },
      { image: { sha256: sha256Of(raw) }, fault: null },
    ])
  })

  it('may hold an image larger than any module', async () => {
    const large = program(maxModuleFileBytes + 5)
    const maker = await playedDesk()
    await maker.call('importImages', { files: [{ path: 'large.bin', contentBase64: base64(large) }] })
    const bytes = await exported(maker, recipeWith([sha256Of(large)]))
    const { call } = await playedDesk(onBench)
    await call('importPack', upload(bytes))
    expect((await call('listImages', {})).files).toMatchObject([{ sizeBytes: large.length }])
  })

  it('is not made where an image is missing', async () => {
    const { call, outcome } = await playedDesk()
    const { recipeId } = await call('saveRecipe', { recipe })
    expect(await outcome('exportPack', { recipeId })).toMatchObject({ ok: false, fault: { code: 'FIRMWARE_MISSING' } })
  })

  it('that only identifies needs no images', async () => {
    const maker = await playedDesk()
    const bytes = await exported(maker, recipeWith([name], { job: 'identify' }))
    expect((await opened(bytes)).files).toEqual([])
    const { call } = await playedDesk(onBench)
    expect((await call('importPack', upload(bytes))).packs).toHaveLength(1)
  })
})

describe('a pack with images that are not what its recipe names', () => {
  const changed = dfuFile(program(900, 9), { vendorId: 0x1209, productId: 0x4d46 })

  it('is refused when an image was changed after it was signed, on simulated boards, too', async () => {
    const at = Buffer.from(await packOf(recipe))
    const place = at.indexOf(Buffer.from(plain))
    at[place + 100] = (at[place + 100] ?? 0) ^ 1
    expect(await refusal(at)).toMatchObject({ code: 'PACK_UNREADABLE' })
    const { files, manifestBytes, signatureBytes } = await opened(await packOf(recipe))
    const swapped = writeStoredZip([
      { path: 'pack.json', bytes: manifestBytes },
      { path: 'pack.sig', bytes: signatureBytes ?? new Uint8Array(0) },
      ...files.map(({ path, bytes }) => ({ path, bytes: path.endsWith('plain.dfu') ? changed : bytes })),
    ])
    expect(await refusal(swapped)).toMatchObject({ code: 'PACK_ALTERED', detail: expect.stringContaining('plain.dfu') })
    expect(await refusal(swapped, playedDesk(onBench))).toMatchObject({ code: 'PACK_ALTERED' })
  })

  it.each([
    ['an image is missing', both.slice(1), /is not in it/],
    [
      'another image is in its place',
      [{ path: 'images/1/plain.dfu', bytes: changed }, ...both.slice(1)],
      /no image that its recipe/,
    ],
    ['there is one more', [...both, { path: 'images/3/more.bin', bytes: changed }], /no image that its recipe/],
    ['one is in it twice', [...both, { path: 'images/3/plain.dfu', bytes: plain }], /no image that its recipe/],
    ['a module is in it', [...both, { path: 'sets/a/user.bin', bytes: boron.user() }], /no image that its recipe/],
  ])('is refused, signed or not, where %s', async (_, files, why) => {
    const fault = { code: 'PACK_UNREADABLE', detail: expect.stringMatching(why) }
    expect(await refusal(await packOf(recipe, files))).toMatchObject(fault)
    expect(await refusal(await packOf(recipe, files, null), playedDesk(onBench))).toMatchObject(fault)
  })

  it('is refused where an image is none, with the reason', async () => {
    const bad = dfuFile(program(90), { crc: 7 })
    const pack = await packOf(recipeWith([sha256Of(bad)]), [{ path: 'images/1/bad.dfu', bytes: bad }])
    expect(await refusal(pack)).toMatchObject({
      code: 'FIRMWARE_REFUSED',
      detail: expect.stringContaining('CRC_MISMATCH'),
    })
  })

  it('is refused where its recipe names an image by file, or a device that cannot be told', async () => {
    const [first, second] = recipe.devices
    const byFile = { ...recipe, devices: [{ ...plainDevice, ...first, image: { file: 'plain.dfu' } }] } as DfuRecipe
    expect(await refusal(await packOf(byFile))).toMatchObject({ code: 'PACK_UNREADABLE' })
    const twice = { ...recipe, devices: [first, { ...second, match: first?.match }] } as DfuRecipe
    expect(await refusal(await packOf(twice))).toMatchObject({ code: 'RECIPE_INVALID' })
  })

  it('of nobody runs on simulated boards alone, and says so', async () => {
    const pack = await packOf(recipe, both, null)
    expect(await refusal(pack)).toMatchObject({ code: 'PACK_UNSIGNED' })
    const bench = await playedDesk(onBench)
    const { packs } = await bench.call('importPack', upload(pack))
    await bench.call('choosePack', { packId: String(packs[0]?.packId) })
    expect(recipeTold(bench)).toMatchObject({
      recipe: { name: 'UNSIGNED PACK: Line 3' },
      devices: [{ fault: null }, {}],
    })
  })

  it('is told to real devices as refused once its key is trusted no more', async () => {
    const under = await trustingDesk()
    const { packs, keys } = await under.call('importPack', upload(await packOf(recipe)))
    await under.call('choosePack', { packId: String(packs[0]?.packId) })
    await under.call('untrustKey', { fingerprint: String(keys.trusted[0]?.fingerprint) })
    expect(recipeTold(under)?.devices).toMatchObject([
      { image: null, fault: { code: 'PACK_UNTRUSTED' } },
      { image: null, fault: { code: 'PACK_UNTRUSTED' } },
    ])
  })
})
