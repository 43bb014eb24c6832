// Packs of a shared folder, and packs that were changed on the disk, at a desk with real boards (played).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newKey, packBytes, packRecipe } from '../station/packs/pack-samples.ts'
import { playedDesk } from './desk-under-test.ts'
import { deskKey, onBench, recipeTold, spoil, trustingDesk, upload } from './pack-calls.ts'

/** The folder is looked at every few seconds. */
const patience = { timeout: 20_000, interval: 50 }

async function chosen(change: Parameters<typeof trustingDesk>[0] = {}) {
  const under = await trustingDesk(change)
  const { packs } = await under.call('importPack', upload(await packBytes(deskKey, { version: 3 })))
  await under.call('choosePack', { packId: String(packs[0]?.packId) })
  const shared = join(under.folder, 'shared')
  mkdirSync(shared)
  await under.call('watchFolder', { path: shared })
  const seen = async () =>
    Object.fromEntries((await under.call('listPacks', {})).watch.packs.map(({ file, state }) => [file, state]))
  return { ...under, shared, seen }
}

const renamed = { ...packRecipe, name: 'Blinky line, new' }

describe('a shared folder', () => {
  it('brings newer packs to the bench between boards, older ones never, and says of every other why not', async () => {
    const under = await chosen()
    const { shared, seen, call, station } = under
    const files: Readonly<Record<string, Uint8Array>> = {
      'newer.dfupack': await packBytes(deskKey, { version: 4, recipe: renamed }),
      'older.dfupack': await packBytes(deskKey, { version: 2, recipe: { ...packRecipe, name: 'old' } }),
      'another.dfupack': await packBytes(deskKey, { version: 1, name: 'Another line' }),
      'unsigned.dfupack': await packBytes(null, { version: 9 }),
      'stranger.dfupack': await packBytes(newKey(), { version: 9 }),
    }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(shared, name), bytes)
    await expect.poll(seen, patience).toEqual({
      'newer.dfupack': 'taken',
      'older.dfupack': 'older',
      'another.dfupack': 'taken',
      'unsigned.dfupack': 'refused',
      'stranger.dfupack': 'refused',
    })
    expect(station().recipeName).toBe('Blinky line, new')
    expect(recipeTold(under)?.targets).toMatchObject([{ fault: null }])
    // A running job is told nothing: the new recipe comes as any recipe does, and is for the next board.
    expect(under.commands().filter(({ kind }) => kind === 'abort')).toEqual([])
    const { packs, watch } = await call('listPacks', {})
    expect(packs.map(({ name, version, isChosen }) => [name, version, isChosen])).toEqual([
      ['Another line', 1, false],
      ['Blinky line', 4, true],
      ['Blinky line', 3, false],
    ])
    expect(packs.find(({ version }) => version === 4)?.takenFrom).toBe(join(shared, 'newer.dfupack'))
    expect(watch.packs.find(({ file }) => file === 'stranger.dfupack')?.fault?.code).toBe('PACK_UNTRUSTED')
    expect(under.log.lines.filter((line) => /is not taken/.test(line))).toHaveLength(2)
  }, 30_000)

  it('brings what was refused once its key is trusted', async () => {
    const { shared, seen, call } = await chosen()
    const bytes = await packBytes(newKey(), { name: 'Theirs' })
    writeFileSync(join(shared, 'theirs.dfupack'), bytes)
    await expect.poll(seen, patience).toEqual({ 'theirs.dfupack': 'refused' })
    const { signer } = await call('examinePack', upload(bytes))
    await call('trustKey', { name: 'They', publicKey: String(signer?.publicKey) })
    await expect.poll(seen, patience).toEqual({ 'theirs.dfupack': 'taken' })
  }, 30_000)

  it('on the bench brings unsigned packs too, and never in place of a trusted one', async () => {
    const { shared, seen, station, call } = await chosen(onBench)
    writeFileSync(join(shared, 'unsigned.dfupack'), await packBytes(null, { version: 9, recipe: renamed }))
    await expect.poll(seen, patience).toEqual({ 'unsigned.dfupack': 'taken' })
    expect(station().recipeName).toBe('Blinky line')
    // Nor does it stand in the way of what is trusted.
    writeFileSync(join(shared, 'newer.dfupack'), await packBytes(deskKey, { version: 4, recipe: renamed }))
    await expect.poll(seen, patience).toMatchObject({ 'newer.dfupack': 'taken' })
    expect(station().recipeName).toBe('Blinky line, new')
    expect((await call('listPacks', {})).packs).toHaveLength(3)
  }, 30_000)

  it('is looked at again after a restart', async () => {
    const before = await chosen()
    await before.desk.close()
    const after = await playedDesk({ dataFolder: before.folder })
    writeFileSync(join(before.shared, 'newer.dfupack'), await packBytes(deskKey, { version: 4, recipe: renamed }))
    await expect.poll(() => after.station().recipeName, patience).toBe('Blinky line, new')
  }, 30_000)
})

describe('a pack that was changed on the disk', () => {
  const changes: readonly (readonly [what: string, path: string, change: (text: string) => string])[] = [
    ['another author', 'pack.json', (text) => text.replace('"Ada"', '"Bob"')],
    ['no JSON any more', 'pack.json', () => 'x'],
    [
      'another signature',
      'pack.sig',
      (text) => text.replace(/(?<="signature": ")./, (digit) => (digit === 'f' ? 'e' : 'f')),
    ],
  ]

  it.each(changes)('(%s) is refused before the next board, and at the next start', async (_, path, change) => {
    const under = await chosen()
    expect(recipeTold(under)?.targets).toMatchObject([{ fault: null }])
    spoil(under.folder, path, change)
    // Whatever makes the station look at its recipe.
    await under.call('watchFolder', { path: null })
    const { recipeId } = await under.call('readSettings', {})
    const views = await under.call('listRecipes', {})
    expect(views[0]).toMatchObject({
      targets: [{ fault: { code: 'PACK_ALTERED' } }],
      origin: { pack: { standing: 'altered' } },
    })
    expect(await under.outcome('chooseRecipe', { recipeId })).toMatchObject({ fault: { code: 'PACK_ALTERED' } })
    await under.desk.close()
    const after = await playedDesk({ dataFolder: under.folder })
    expect(recipeTold(after)?.targets).toMatchObject([{ modules: [], fault: { code: 'PACK_ALTERED' } }])
    expect(after.station().recipeWarning).toMatch(/was changed/)
  })

  it('cannot be freed by its note: the sets of a signed pack are those it names', async () => {
    const under = await chosen()
    const other = await packBytes(deskKey, { name: 'Other', version: 1 })
    await under.call('importPack', upload(other))
    const before = recipeTold(under)?.targets
    for (const packId of readdirSync(join(under.folder, 'packs'))) {
      const note = join(under.folder, 'packs', packId, 'taken.json')
      writeFileSync(note, readFileSync(note, 'utf8').replace(/"sets": \[[^\]]*\]/, '"sets": []'))
    }
    await under.desk.close()
    const after = await playedDesk({ dataFolder: under.folder })
    expect(recipeTold(after)?.targets).toEqual(before)
  })

  it('whose firmware was taken out of the library says so, and runs nothing', async () => {
    const under = await chosen()
    const { sets } = await under.call('listFirmware', {})
    for (const { setId } of sets) await under.call('removeFirmware', { setId })
    expect(recipeTold(under)?.targets).toMatchObject([{ modules: [], fault: { code: 'FIRMWARE_MISSING' } }])
  })

  it('and a recipe that ran on sufferance on the bench is refused with real boards', async () => {
    const bench = await playedDesk(onBench)
    const { packs } = await bench.call('importPack', upload(await packBytes(null)))
    await bench.call('choosePack', { packId: String(packs[0]?.packId) })
    expect(recipeTold(bench)?.targets).toMatchObject([{ fault: null }])
    await bench.desk.close()
    const real = await playedDesk({ dataFolder: bench.folder })
    expect(recipeTold(real)?.targets).toMatchObject([{ modules: [], fault: { code: 'PACK_UNSIGNED' } }])
  })

  it('in mid-write is not there: a pack is taken whole or not at all', async () => {
    const under = await chosen()
    const [packId = ''] = readdirSync(join(under.folder, 'packs'))
    await under.desk.close()
    mkdirSync(join(under.folder, 'packs', `${packId}.new`))
    rmSync(join(under.folder, 'packs', packId, 'taken.json'))
    const after = await playedDesk({ dataFolder: under.folder })
    expect((await after.call('listPacks', {})).packs).toEqual([])
    expect(readdirSync(join(under.folder, 'packs'))).toEqual([packId])
  })
})

describe('the recipe of a pack in a run of its own', () => {
  it('is that of the pack also where all is written again, or only compared', async () => {
    const { desk, folder } = await chosen()
    await desk.close()
    for (const change of [
      {},
      { force: true },
      { job: 'verify', limits: null },
      { job: 'verify', force: true },
    ] as const) {
      const under = await playedDesk({ dataFolder: folder, recipe: { ...packRecipe, ...change } })
      if (!('force' in change)) await under.call('lockToSignedPacks', { on: true })
      expect(recipeTold(under)?.targets).toMatchObject([{ fault: null }])
      await under.desk.close()
    }
  })

  it('is a recipe of this station where anything else differs, and may not run while it is locked', async () => {
    const { desk, folder, call } = await chosen()
    await call('lockToSignedPacks', { on: true })
    await desk.close()
    for (const change of [{ verify: 'reported' }, { limits: { boards: 9, notAfter: null } }, { name: 'x' }] as const) {
      const under = await playedDesk({ dataFolder: folder, recipe: { ...packRecipe, ...change } })
      expect(recipeTold(under)?.targets).toMatchObject([{ fault: { code: 'RECIPE_LOCKED' } }])
      await under.desk.close()
    }
    const asking = await playedDesk({ dataFolder: folder, recipe: { ...packRecipe, job: 'identify', name: 'who' } })
    expect(recipeTold(asking)?.targets).toMatchObject([{ fault: null }])
  })
})

describe('a station that is opened on a pack', () => {
  it('by a file takes it, chooses its recipe and hides the rest, also after a restart', async () => {
    const under = await trustingDesk()
    const file = join(under.folder, 'any name.dfupack')
    writeFileSync(file, await packBytes(deskKey))
    expect(await under.desk.askAboutPack({ file })).toEqual({
      title: 'Blinky line version 1, signed by Release desk',
      instead: null,
    })
    expect((await under.call('listPacks', {})).packs).toEqual([])
    await under.desk.openPack({ file })
    expect(under.station()).toMatchObject({ focus: 'Blinky line', recipeName: 'Blinky line' })
    expect((await under.call('listPacks', {})).packs).toMatchObject([{ takenFrom: file, isChosen: true }])
    expect(await under.desk.askAboutPack({ name: 'Blinky line' })).toMatchObject({ instead: 'Blinky line' })
    await under.desk.close()
    const after = await playedDesk({ dataFolder: under.folder })
    expect(after.station()).toMatchObject({ focus: 'Blinky line', recipeName: 'Blinky line' })
  })

  it('by a name means a pack that it has, or one of the watched folder, and no file elsewhere', async () => {
    const under = await chosen()
    writeFileSync(join(under.folder, 'Elsewhere.dfupack'), await packBytes(deskKey, { name: 'Elsewhere' }))
    for (const name of ['Elsewhere', '../Elsewhere', join(under.folder, 'Elsewhere')]) {
      await expect(under.desk.openPack({ name })).rejects.toMatchObject({
        code: name === 'Elsewhere' ? 'PACK_UNREADABLE' : 'CALL_REJECTED',
      })
    }
    expect(under.station().focus).toBeNull()
    await under.desk.openPack({ name: 'Blinky line' })
    expect(under.station().focus).toBe('Blinky line')
    writeFileSync(join(under.shared, 'Shared.dfupack'), await packBytes(deskKey, { name: 'Shared', recipe: renamed }))
    await under.desk.openPack({ name: 'Shared' })
    expect(under.station()).toMatchObject({ focus: 'Shared', recipeName: 'Blinky line, new' })
  })

  it('that may not be used here is left as it was', async () => {
    const under = await chosen()
    const file = join(under.folder, 'unsigned.dfupack')
    writeFileSync(file, await packBytes(null, { recipe: renamed }))
    await expect(under.desk.askAboutPack({ file })).rejects.toMatchObject({ code: 'PACK_UNSIGNED' })
    await expect(under.desk.openPack({ file })).rejects.toMatchObject({ code: 'PACK_UNSIGNED' })
    await expect(under.desk.openPack({ file: join(under.folder, 'nosuch') })).rejects.toMatchObject({
      code: 'PACK_UNREADABLE',
    })
    expect(under.station()).toMatchObject({ focus: null, recipeName: 'Blinky line' })
  })
})
