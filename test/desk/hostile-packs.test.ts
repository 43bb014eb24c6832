// What an unlucky or hostile hand does to packs that a station has taken: files of the data folder edited, one recipe in
// two packs, a shared folder with broken entries, a signing key that is none.
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recipeHash } from '../../src/main/desk/recipe-file.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { setsOfFiles } from '../../src/main/station/packs/pack-sets.ts'
import type { StoredFile } from '../../src/main/station/packs/stored-zip.ts'
import { writePack } from '../../src/main/station/packs/write-pack.ts'
import { boron } from '../station/firmware/module-builder.ts'
import { packBytes, packContent, packedFiles, packRecipe } from '../station/packs/pack-samples.ts'
import { type PlayedDesk, playedDesk, temporaryFolder } from './desk-under-test.ts'
import { deskKey, recipeTold, trustingDesk, upload } from './pack-calls.ts'

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

const faultTold = (under: PlayedDesk) => recipeTold(under)?.targets[0]?.fault ?? null
const modulesTold = (under: PlayedDesk) => recipeTold(under)?.targets[0]?.modules.map(({ sha256 }) => sha256)

async function withPack() {
  const under = await trustingDesk()
  const { packs } = await under.call('importPack', upload(await packBytes(deskKey)))
  return { ...under, packId: String(packs[0]?.packId) }
}

/** Of the same name and with the same recipe, and other user firmware in the set that it names. */
async function nextIssue(): Promise<Uint8Array> {
  const files = packedFiles.map(
    ({ path, bytes }): StoredFile => ({ path, bytes: path.endsWith('user-part.bin') ? boron.user() : bytes }),
  )
  const modules = files.map(({ bytes }) => sha256Of(bytes))
  const sets = [...(await setsOfFiles(files, 'test'))]
  const targets = [{ platform: 'boron' as const, modules, assets: [] }]
  return writePack(await packContent({ version: 2, sets, targets }), files, deskKey)
}

describe('a data folder that was edited', () => {
  it('lends the signature of a pack to no other recipe', async () => {
    const under = await withPack()
    const own = { ...packRecipe, label: { lot: 'forged' } }
    await under.call('saveRecipe', { recipe: own })
    await under.call('lockToSignedPacks', { on: true })
    edit(join(under.folder, 'packs', under.packId, 'taken.json'), (text) =>
      text.replace(recipeHash(packRecipe), recipeHash(own)),
    )
    expect(await under.outcome('chooseRecipe', { recipeId: recipeHash(own) })).toMatchObject({
      ok: false,
      fault: { code: 'PACK_ALTERED' },
    })
  })

  it('leaves no module of a pack out', async () => {
    const under = await withPack()
    const sets = join(under.folder, 'firmware', 'sets')
    for (const name of readdirSync(sets)) {
      edit(join(sets, name), (text) => {
        const record = JSON.parse(text) as { readonly set: { modules: { readonly kind: string }[] } }
        record.set.modules = record.set.modules.filter(({ kind }) => kind !== 'bootloader')
        return JSON.stringify(record)
      })
    }
    await under.call('choosePack', { packId: under.packId })
    expect(faultTold(under)).toMatchObject({ code: 'PACK_ALTERED', detail: expect.stringMatching(/would be left out/) })
  })

  it('without the note of the chosen pack does not take its recipe for one of the station', async () => {
    const under = await withPack()
    await under.call('choosePack', { packId: under.packId })
    const { recipeId } = await under.call('readSettings', {})
    rmSync(join(under.folder, 'packs', under.packId, 'taken.json'))
    await under.desk.close()
    const again = await playedDesk({ dataFolder: under.folder })
    expect(faultTold(again)).toMatchObject({ code: 'PACK_ALTERED', detail: expect.stringMatching(/not here any more/) })
    expect(await again.outcome('chooseRecipe', { recipeId })).toMatchObject({ fault: { code: 'PACK_ALTERED' } })
    const { packs } = await again.call('importPack', upload(await nextIssue()))
    expect(faultTold(again)).toMatchObject({ code: 'PACK_ALTERED' })
    await again.call('choosePack', { packId: String(packs[0]?.packId) })
    expect(faultTold(again)).toBeNull()
  })

  it('with a signing key that is none keeps its packs, and signs nothing', async () => {
    const under = await withPack()
    writeFileSync(join(under.folder, 'signing-key.pem'), 'no key')
    expect(await under.call('listPacks', {})).toMatchObject({ packs: [{ standing: 'trusted' }], keys: { own: null } })
    expect(await under.outcome('exportPack', { recipeId: recipeHash(packRecipe) })).toMatchObject({
      ok: false,
      fault: { detail: expect.stringMatching(/signing-key\.pem: .*no Ed25519 key/) },
    })
  })
})

describe('one recipe in two issues of a pack', () => {
  it('means the firmware of the chosen one, whatever comes by hand, and goes back with it', async () => {
    const under = await withPack()
    await under.call('choosePack', { packId: under.packId })
    const before = modulesTold(under)
    const { packs } = await under.call('importPack', upload(await nextIssue()))
    expect(modulesTold(under)).toEqual(before)
    expect(packs.map(({ version, isChosen }) => [version, isChosen])).toEqual([
      [2, false],
      [1, true],
    ])
    await under.call('choosePack', { packId: String(packs[0]?.packId) })
    expect(modulesTold(under)).toContain(sha256Of(boron.user()))
    await under.call('choosePack', { packId: under.packId })
    expect(modulesTold(under)).toEqual(before)
  })

  it('has one hash, so that boards that are written again count against its limits', async () => {
    const { desk, folder } = await withPack()
    await desk.close()
    const forced = await playedDesk({ dataFolder: folder, recipe: { ...packRecipe, force: true } })
    expect(recipeTold(forced)).toMatchObject({ recipe: { force: true }, sha256: recipeHash(packRecipe) })
  })

  it('is chosen no more when its issue is removed, though the other one stays', async () => {
    const under = await withPack()
    await under.call('choosePack', { packId: under.packId })
    await under.call('importPack', upload(await nextIssue()))
    await under.call('removePack', { packId: under.packId })
    expect(recipeTold(under)).toBeNull()
    expect(await under.call('listPacks', {})).toMatchObject({ packs: [{ version: 2, isChosen: false }] })
  })
})

describe('a shared folder with a link to nothing in it', () => {
  it('gives the packs beside it all the same', async () => {
    const shared = temporaryFolder()
    symlinkSync(join(shared, 'nothing'), join(shared, 'a.dfupack'))
    writeFileSync(join(shared, 'b.dfupack'), await packBytes(deskKey))
    const under = await trustingDesk()
    await under.call('watchFolder', { path: shared })
    await expect
      .poll(async () => (await under.call('listPacks', {})).watch, { timeout: 15_000 })
      .toMatchObject({
        problem: null,
        packs: [
          { file: 'a.dfupack', state: 'refused' },
          { file: 'b.dfupack', state: 'taken' },
        ],
      })
  }, 20_000)
})
