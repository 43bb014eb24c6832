// What the calls about packs do, for the test of all calls: on a desk with real boards (played) and on a bench.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { setsOfFiles } from '../../src/main/station/packs/pack-sets.ts'
import { fingerprintOf, publicKeyOf } from '../../src/main/station/packs/signing.ts'
import { writeStoredZip } from '../../src/main/station/packs/stored-zip.ts'
import { writePack } from '../../src/main/station/packs/write-pack.ts'
import type { CallName } from '../../src/shared/contract/contract.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import type { PacksView } from '../../src/shared/model/pack-view.ts'
import { newKey, opened, packBytes, packContent, packedFiles, packRecipe } from '../station/packs/pack-samples.ts'
import { type PlayedDesk, playedDesk } from './desk-under-test.ts'
import { stockedLibrary } from './samples.ts'

export const deskKey = newKey()
const deskPublicKey = publicKeyOf(deskKey)

export function upload(bytes: Uint8Array) {
  return { fileName: 'line.dfupack', contentBase64: Buffer.from(bytes).toString('base64') }
}

/** A desk that trusts the key of the tests. */
export async function trustingDesk(change: Parameters<typeof playedDesk>[0] = {}): Promise<PlayedDesk> {
  const under = await playedDesk(change)
  await under.call('trustKey', { name: 'Release desk', publicKey: deskPublicKey })
  return under
}

export const onBench = { simulation: { boards: 'boron:1', speed: 0 } } as const

export function recipeTold({ commands }: PlayedDesk): ResolvedRecipe | null {
  const last = commands().findLast((command) => command.kind === 'recipe')
  return last?.kind === 'recipe' ? last.recipe : null
}

const refusedWith = (code: string, detail: RegExp = /./) => ({
  ok: false,
  fault: { code, detail: expect.stringMatching(detail) },
})

async function takenPack(): Promise<PlayedDesk & { readonly packId: string; readonly view: PacksView }> {
  const under = await trustingDesk()
  const view = await under.call('importPack', upload(await packBytes(deskKey)))
  return { ...under, view, packId: String(view.packs[0]?.packId) }
}

type PackCall = Extract<
  CallName,
  `${string}Pack` | `${string}Key` | 'readKeys' | 'listPacks' | 'watchFolder' | 'lockToSignedPacks' | 'leaveFocus'
>

export const packCallTests: Readonly<Record<PackCall, Readonly<Record<string, () => Promise<void>>>>> = {
  listPacks: {
    'gives everything about packs, and the feed the same': async () => {
      const { call, desk } = await takenPack()
      const view = await call('listPacks', {})
      expect(view).toMatchObject({
        packs: [
          { name: 'Blinky line', version: 1, standing: 'trusted', fault: null, takenFrom: 'import', isChosen: false },
        ],
        keys: { own: null, trusted: [{ name: 'Release desk', publicKey: deskPublicKey }] },
        watch: { path: null },
        onlySignedPacks: false,
        focus: null,
      })
      const frames: PacksView[] = []
      desk.watch('packs', (frame) => frames.push(frame))
      expect(frames).toEqual([view])
      await call('trustKey', { name: 'Other', publicKey: publicKeyOf(newKey()) })
      expect(frames.at(-1)?.keys.trusted).toHaveLength(2)
    },
  },

  exportPack: {
    'writes a signed pack that means the same on a station with nothing at hand': async () => {
      const under = await playedDesk()
      await stockedLibrary(under.folder)
      const { recipeId } = await under.call('saveRecipe', { recipe: packRecipe })
      const result = await under.call('exportPack', { recipeId, author: 'Ada' })
      if (result.kind !== 'saved') throw new Error('it was not saved')
      const other = await playedDesk()
      const publicKey = String((await under.call('readKeys', {})).own?.publicKey)
      await other.call('trustKey', { name: 'Engineer', publicKey })
      const view = await other.call('importPack', upload(readFileSync(result.path)))
      expect(view.packs).toMatchObject([
        { name: 'Blinky line', version: 1, author: 'Ada', recipeId, standing: 'trusted' },
      ])
      const [here] = await under.call('listRecipes', {})
      const [there] = await other.call('listRecipes', {})
      const hashes = (targets: typeof here) =>
        targets?.targets.map(({ modules }) => modules.map((each) => each.sha256).toSorted())
      expect(hashes(there)).toEqual(hashes(here))
      expect(hashes(there)?.[0]?.length).toBeGreaterThan(2)
      expect(there?.origin).toMatchObject({ pack: { name: 'Blinky line', version: 1 }, warning: null })
      expect(there?.origin.signedBy).toMatch(/^Engineer \(/)
      const again = await under.call('exportPack', { recipeId })
      if (again.kind !== 'saved') throw new Error('it was not saved')
      expect(await other.call('examinePack', upload(readFileSync(again.path)))).toMatchObject({ version: 2 })
      expect(under.desk.madeFile('Blinky line.dfupack')).toBe(again.path)
      for (const name of ['', '.', '..', '../settings.json', '../signing-key.pem', 'nosuch']) {
        expect(under.desk.madeFile(name)).toBeNull()
      }
      const keyFile = join(under.folder, 'signing-key.pem')
      if (process.platform !== 'win32') expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    },
    'is refused where something of the recipe is missing, and for a recipe nobody knows': async () => {
      const { call, outcome, folder } = await playedDesk()
      const { recipeId } = await call('saveRecipe', { recipe: packRecipe })
      expect(await outcome('exportPack', { recipeId })).toMatchObject(refusedWith('FIRMWARE_MISSING'))
      expect(await outcome('exportPack', { recipeId: 'nosuch' })).toMatchObject(refusedWith('CALL_REJECTED'))
      expect(existsSync(join(folder, 'exports'))).toBe(false)
    },
    'packs a recipe that only asks who a board is, which needs no firmware': async () => {
      const under = await playedDesk()
      const { recipeId } = await under.call('saveRecipe', { recipe: { ...packRecipe, job: 'identify', name: 'Who' } })
      const result = await under.call('exportPack', { recipeId, name: 'Who is who' })
      if (result.kind !== 'saved') throw new Error('it was not saved')
      const bench = await playedDesk(onBench)
      const view = await bench.call('importPack', upload(readFileSync(result.path)))
      await bench.call('choosePack', { packId: String(view.packs[0]?.packId) })
      expect(recipeTold(bench)).toMatchObject({ recipe: { job: 'identify' }, targets: [{ modules: [], fault: null }] })
    },
    'goes into the watched folder where that is asked': async () => {
      const { call, outcome, folder } = await playedDesk()
      await stockedLibrary(folder)
      const { recipeId } = await call('saveRecipe', { recipe: packRecipe })
      expect(await outcome('exportPack', { recipeId, intoWatchedFolder: true })).toMatchObject(
        refusedWith('CALL_REJECTED'),
      )
      const shared = join(folder, 'shared')
      mkdirSync(shared)
      await call('watchFolder', { path: shared })
      await call('exportPack', { recipeId, intoWatchedFolder: true })
      expect(readdirSync(shared)).toEqual(['Blinky line.dfupack'])
    },
  },

  examinePack: {
    'says what a file holds and who signed it, and takes nothing': async () => {
      const { call, folder } = await playedDesk()
      const facts = await call('examinePack', upload(await packBytes(deskKey)))
      expect(facts).toMatchObject({
        name: 'Blinky line',
        standing: 'untrusted',
        signer: { publicKey: deskPublicKey, fingerprint: fingerprintOf(deskPublicKey), name: null },
        fault: { code: 'PACK_UNTRUSTED' },
      })
      expect(readdirSync(join(folder, 'packs'))).toEqual([])
      expect(await call('listRecipes', {})).toEqual([])
    },
  },

  importPack: {
    'takes a pack of a trusted key: firmware, recipe, and who signed it': async () => {
      const { call, packId } = await takenPack()
      const [view] = await call('listRecipes', {})
      expect(view).toMatchObject({
        recipe: packRecipe,
        targets: [{ platform: 'boron', fault: null }],
        origin: { pack: { packId, standing: 'trusted' }, warning: null },
      })
      expect(view?.origin.signedBy).toBe(`Release desk (${fingerprintOf(deskPublicKey)})`)
    },
    'refuses with real boards what is unsigned, of another key, or altered, and keeps nothing of it': async () => {
      const { call, outcome, folder } = await trustingDesk()
      const altered = Buffer.from(await packBytes(deskKey))
      const at = altered.indexOf('"author": "Ada"')
      altered.write('Bob', at + 11)
      for (const [code, bytes] of [
        ['PACK_UNSIGNED', await packBytes(null)],
        ['PACK_UNTRUSTED', await packBytes(newKey())],
        ['PACK_UNREADABLE', altered],
        ['PACK_UNREADABLE', Buffer.from('nothing')],
      ] as const) {
        expect(await outcome('importPack', upload(bytes))).toMatchObject(refusedWith(code))
      }
      expect(await call('listRecipes', {})).toEqual([])
      expect((await call('listFirmware', {})).sets).toEqual([])
      expect(readdirSync(join(folder, 'packs'))).toEqual([])
    },
    'refuses a pack with one bad module whole, whoever signed it, and one whose recipe names files': async () => {
      const { call, outcome, folder } = await trustingDesk()
      const bad = packedFiles.map((file, at) => {
        const bytes = Buffer.from(file.bytes)
        if (at === 0) bytes[100] = (bytes[100] ?? 0) ^ 1
        return { ...file, bytes }
      })
      const badModule = writePack(await packContent(), bad, deskKey)
      expect(await outcome('importPack', upload(badModule))).toMatchObject(
        refusedWith('FIRMWARE_REFUSED', /CRC_MISMATCH/),
      )
      const named = await packBytes(deskKey, { recipe: { ...packRecipe, user: { file: '/etc/passwd' } } })
      expect(await outcome('importPack', upload(named))).toMatchObject(refusedWith('PACK_UNREADABLE', /by file/))
      const otherSets = await packBytes(deskKey, { sets: [] })
      expect(await outcome('importPack', upload(otherSets))).toMatchObject(refusedWith('PACK_UNREADABLE', /other sets/))
      expect((await call('listFirmware', {})).sets).toEqual([])
      expect(await call('listRecipes', {})).toEqual([])
      expect(readdirSync(join(folder, 'packs'))).toEqual([])
    },
    'refuses the recipe of another pack with other firmware: it would take its place': async () => {
      const { call, outcome } = await takenPack()
      const less = packedFiles.filter(({ path }) => !path.includes('user'))
      const sets = [...(await setsOfFiles(less, 'test'))]
      const rival = writePack(await packContent({ name: 'Another line', version: 9, sets }), less, deskKey)
      expect(await outcome('importPack', upload(rival))).toMatchObject(
        refusedWith('RECIPE_INVALID', /recipe is that of the pack Blinky line/),
      )
      const same = await packBytes(deskKey, { name: 'Another line' })
      expect((await call('importPack', upload(same))).packs).toHaveLength(2)
      const newer = writePack(await packContent({ version: 2, sets }), less, deskKey)
      expect(await outcome('importPack', upload(newer))).toMatchObject(refusedWith('RECIPE_INVALID', /Another line/))
    },
    'takes an altered one on the bench, and what it really holds': async () => {
      const under = await playedDesk(onBench)
      const { files, manifestBytes, signatureBytes } = await opened(await packBytes(deskKey))
      const without = files.filter(({ path }) => !path.includes('user'))
      const altered = writeStoredZip([
        ...without,
        { path: 'pack.json', bytes: manifestBytes },
        { path: 'pack.sig', bytes: signatureBytes ?? Buffer.alloc(0) },
      ])
      const view = await under.call('importPack', upload(altered))
      expect(view.packs).toMatchObject([{ standing: 'altered', fault: { code: 'PACK_ALTERED' } }])
      await under.call('choosePack', { packId: String(view.packs[0]?.packId) })
      expect(under.station().recipeName).toBe('ALTERED PACK: Blinky line')
      expect(recipeTold(under)?.targets).toMatchObject([{ fault: { code: 'FIRMWARE_MISSING' } }])
    },
    'takes an unsigned one on the bench, and marks it wherever it shows': async () => {
      const under = await playedDesk(onBench)
      const view = await under.call('importPack', upload(await packBytes(null)))
      expect(view.packs).toMatchObject([{ standing: 'unsigned', signer: null, fault: { code: 'PACK_UNSIGNED' } }])
      await under.call('choosePack', { packId: String(view.packs[0]?.packId) })
      const [recipe] = await under.call('listRecipes', {})
      expect(recipe?.origin).toMatchObject({ signedBy: null, warning: 'This recipe pack is not signed' })
      expect(under.station()).toMatchObject({
        recipeName: 'UNSIGNED PACK: Blinky line',
        recipeWarning: 'This recipe pack is not signed',
      })
      expect(recipeTold(under)).toMatchObject({
        recipe: { name: 'UNSIGNED PACK: Blinky line' },
        sha256: recipe?.recipeId,
        targets: [{ fault: null }],
      })
    },
  },

  choosePack: {
    'gives boards its recipe, and hides the rest where that is asked': async () => {
      const under = await takenPack()
      await under.call('choosePack', { packId: under.packId })
      expect(under.station()).toMatchObject({ recipeName: 'Blinky line', recipeWarning: null, focus: null })
      const view = await under.call('choosePack', { packId: under.packId, focus: true })
      expect(view).toMatchObject({ focus: 'Blinky line', packs: [{ isChosen: true }] })
      expect(under.station().focus).toBe('Blinky line')
      expect(recipeTold(under)?.targets[0]?.modules.length).toBeGreaterThan(2)
      expect(await under.outcome('choosePack', { packId: 'nosuch' })).toMatchObject(refusedWith('CALL_REJECTED'))
    },
    'means the files of the pack, whatever else the library holds': async () => {
      const under = await takenPack()
      await stockedLibrary(under.folder)
      await under.call('choosePack', { packId: under.packId })
      const [pack] = under.view.packs
      const named = pack?.files.map(({ sha256 }) => sha256)
      const told = recipeTold(under)?.targets.flatMap(({ modules }) => modules.map(({ sha256 }) => sha256))
      expect(told?.toSorted()).toEqual(named?.toSorted())
    },
  },

  removePack: {
    'takes the pack and its recipe away, from the bench too': async () => {
      const under = await takenPack()
      await under.call('choosePack', { packId: under.packId })
      expect((await under.call('removePack', { packId: under.packId })).packs).toEqual([])
      expect(await under.call('listRecipes', {})).toEqual([])
      expect(recipeTold(under)).toBeNull()
      expect((await under.call('listFirmware', {})).sets).toHaveLength(1)
      expect(await under.outcome('removePack', { packId: under.packId })).toMatchObject(refusedWith('CALL_REJECTED'))
    },
    'leaves a recipe that another pack holds too': async () => {
      const under = await takenPack()
      await under.call('importPack', upload(await packBytes(deskKey, { version: 2 })))
      expect((await under.call('removePack', { packId: under.packId })).packs).toMatchObject([{ version: 2 }])
      expect(await under.call('listRecipes', {})).toHaveLength(1)
    },
  },

  readKeys: {
    'gives the own key only once there is one': async () => {
      const { call } = await playedDesk()
      expect(await call('readKeys', {})).toEqual({ own: null, trusted: [] })
    },
  },

  trustKey: {
    'is remembered under its name; once more gives it another name': async () => {
      const { call } = await trustingDesk()
      const keys = await call('trustKey', { name: 'Line 2', publicKey: deskPublicKey })
      expect(keys.trusted).toMatchObject([{ name: 'Line 2', fingerprint: fingerprintOf(deskPublicKey) }])
      expect((await call('readSettings', {})).trustedKeys).toHaveLength(1)
    },
  },

  untrustKey: {
    'stops its recipe before the next board': async () => {
      const under = await takenPack()
      await under.call('choosePack', { packId: under.packId })
      await under.call('untrustKey', { fingerprint: fingerprintOf(deskPublicKey) })
      expect(recipeTold(under)?.targets).toMatchObject([{ modules: [], fault: { code: 'PACK_UNTRUSTED' } }])
      expect(under.station().recipeWarning).toMatch(/does not trust/)
      expect(await under.outcome('untrustKey', { fingerprint: 'XXXX' })).toMatchObject(refusedWith('CALL_REJECTED'))
    },
  },

  watchFolder: {
    'is remembered, and null ends it': async () => {
      const { call, folder } = await playedDesk()
      expect((await call('watchFolder', { path: folder })).watch.path).toBe(folder)
      expect((await call('readSettings', {})).watchedFolder).toBe(folder)
      expect((await call('watchFolder', { path: null })).watch).toEqual({
        path: null,
        problem: null,
        lookedAt: null,
        packs: [],
      })
    },
    'says of a folder that is not there that it cannot be looked at': async () => {
      const { call, folder } = await playedDesk()
      await call('watchFolder', { path: join(folder, 'nowhere') })
      await expect.poll(async () => (await call('listPacks', {})).watch.problem).toMatch(/ENOENT/)
    },
  },

  lockToSignedPacks: {
    'keeps recipes of this station from real boards and from change; a slip does not lift it': async () => {
      const under = await takenPack()
      await stockedLibrary(under.folder)
      const own = await under.call('saveRecipe', { recipe: { ...packRecipe, name: 'Mine' } })
      await under.call('chooseRecipe', { recipeId: own.recipeId })
      expect(recipeTold(under)?.targets).toMatchObject([{ fault: null }])
      expect((await under.call('lockToSignedPacks', { on: true })).onlySignedPacks).toBe(true)
      expect(recipeTold(under)?.targets).toMatchObject([{ modules: [], fault: { code: 'RECIPE_LOCKED' } }])
      const locked = refusedWith('RECIPE_LOCKED')
      expect(await under.outcome('chooseRecipe', { recipeId: own.recipeId })).toMatchObject(locked)
      expect(await under.outcome('saveRecipe', { recipe: packRecipe })).toMatchObject(locked)
      expect(await under.outcome('removeRecipe', { recipeId: own.recipeId })).toMatchObject(locked)
      expect(await under.outcome('exportPack', { recipeId: own.recipeId })).toMatchObject(locked)
      await under.call('choosePack', { packId: under.packId })
      expect(recipeTold(under)?.targets).toMatchObject([{ fault: null }])
      const { stationId } = await under.call('readSettings', {})
      expect(await under.outcome('lockToSignedPacks', { on: false })).toMatchObject(refusedWith('CALL_REJECTED'))
      expect((await under.call('lockToSignedPacks', { on: false, typed: stationId })).onlySignedPacks).toBe(false)
    },
  },

  leaveFocus: {
    'wants the name of the pack, typed': async () => {
      const under = await takenPack()
      await under.call('choosePack', { packId: under.packId, focus: true })
      expect(await under.outcome('leaveFocus', { typed: 'blinky' })).toMatchObject(
        refusedWith('CALL_REJECTED', /Blinky line/),
      )
      expect(under.station().focus).toBe('Blinky line')
      expect((await under.call('leaveFocus', { typed: 'Blinky line' })).focus).toBeNull()
      expect(under.station().focus).toBeNull()
    },
  },
}

/** For tests that spoil what was taken. */
export function spoil(folder: string, path: string, change: (text: string) => string): void {
  const [packId = ''] = readdirSync(join(folder, 'packs'))
  const file = join(folder, 'packs', packId, path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}
