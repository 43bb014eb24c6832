// What a recipe means on a station: from the demo's own firmware, imported as a person would import it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { importUser, takeRecipe } from '../../src/main/desk/take-recipe.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../src/main/station/firmware/library-model.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import { boron as boronModules, boronUser, buildModule, p2, pack } from '../station/firmware/module-builder.ts'
import { demoFile, recipe, stockedLibrary } from './samples.ts'

const root = mkdtempSync(join(tmpdir(), 'station-recipe-'))
let library: FirmwareLibrary
beforeAll(async () => {
  library = await stockedLibrary(root)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const userOf = {
  boron: sha256Of(demoFile('boron/4.0.2/user-part.bin')),
  p2: sha256Of(demoFile('p2/5.6.0/user-part.bin')),
}

async function faultsOf(change: Partial<Recipe>) {
  const { targets } = await resolveRecipe(recipe(change), library)
  return Object.fromEntries(targets.map(({ platform, fault }) => [platform, fault?.code ?? null]))
}

describe('a recipe on a station', () => {
  it('means, for each platform, the modules of the library', async () => {
    const { targets } = await resolveRecipe(recipe(), library)
    expect(
      targets.map(({ platform, deviceOs, modules, fault }) => [platform, deviceOs, modules.length, fault]),
    ).toEqual([
      ['photon', '2.3.1', 4, null],
      ['boron', '4.0.2', 4, null],
      ['p2', '5.6.0', 4, null],
    ])
    const files = targets.flatMap(({ modules }) => modules.map(({ sha256 }) => sha256))
    expect(files).toContain(userOf.boron)
  })

  it('that keeps the user firmware leaves it alone', async () => {
    const { targets } = await resolveRecipe(recipe({ user: 'keep' }), library)
    expect(targets.flatMap(({ modules }) => modules).some(({ kind }) => kind === 'user')).toBe(false)
  })

  it('that keeps Device OS is its user firmware alone', async () => {
    const change = { deviceOs: 'keep', platforms: ['boron'], user: { modules: { boron: userOf.boron } } } as const
    const { targets } = await resolveRecipe(recipe({ ...change, platforms: ['boron'] }), library)
    expect(targets[0]).toMatchObject({ deviceOs: null, fault: null, modules: [{ kind: 'user', sha256: userOf.boron }] })
  })

  it('without its firmware in the library says so, platform by platform', async () => {
    expect(await faultsOf({ deviceOs: { photon: '2.3.1', boron: '9.9.9', p2: '5.6.0' } })).toEqual({
      photon: null,
      boron: 'FIRMWARE_MISSING',
      p2: null,
    })
    expect(await faultsOf({ platforms: ['boron'], user: { modules: { boron: 'ab'.repeat(32) } } })).toEqual({
      boron: 'FIRMWARE_MISSING',
    })
    expect(await faultsOf({ platforms: ['argon'], deviceOs: '4.0.2' })).toEqual({ argon: 'FIRMWARE_MISSING' })
  })

  it('with a set that is not complete names what it lacks', async () => {
    const folder = mkdtempSync(join(root, 'part-'))
    const part = await stockedLibrary(folder, 'boron/4.0.2/system')
    const { targets } = await resolveRecipe(recipe({ platforms: ['boron'] }), part)
    expect(targets[0]?.fault).toMatchObject({ code: 'FIRMWARE_MISSING', detail: expect.stringContaining('it lacks') })
    expect(targets[0]?.modules).toEqual([])
  })

  it('that wants the user firmware of a set which has none is refused, for the board would stay in safe mode', async () => {
    const folder = mkdtempSync(join(root, 'bare-'))
    const bare = await stockedLibrary(folder, 'boron/4.0.2')
    const [set] = await bare.sets()
    const bareSets = {
      ...bare,
      findSet: async () => (set ? { set, modules: set.modules, user: null, lacks: [] } : null),
    }
    const wanting = await resolveRecipe(recipe({ platforms: ['boron'] }), bareSets)
    expect(wanting.targets[0]?.fault).toMatchObject({
      code: 'FIRMWARE_MISSING',
      detail: expect.stringContaining('has no user firmware'),
    })
    const keeping = await resolveRecipe(recipe({ platforms: ['boron'], user: 'keep' }), bareSets)
    expect(keeping.targets[0]?.fault).toBeNull()
  })

  it('that says nothing for a platform is wrong there: nothing is silently left out', async () => {
    expect(await faultsOf({ deviceOs: { boron: '4.0.2' }, platforms: ['boron', 'p2'] })).toEqual({
      boron: null,
      p2: 'RECIPE_INVALID',
    })
    expect(await faultsOf({ platforms: ['boron', 'p2'], user: { modules: { boron: userOf.boron } } })).toEqual({
      boron: null,
      p2: 'RECIPE_INVALID',
    })
    expect(await faultsOf({ platforms: ['boron'], deviceOs: 'keep', user: 'keep' })).toEqual({
      boron: 'RECIPE_INVALID',
    })
  })

  it('may rely on reported hashes only where Device OS reports them', async () => {
    expect(await faultsOf({ verify: 'reported' })).toEqual({
      photon: 'RECIPE_INVALID',
      boron: 'RECIPE_INVALID',
      p2: null,
    })
  })
})

describe('a recipe that leaves Device OS to its user firmware', () => {
  const auto = (platform: 'boron' | 'p2') =>
    recipe({ platforms: [platform], deviceOs: 'auto', user: { modules: { [platform]: userOf[platform] } } })

  it('means the release it was built for, or the next higher one, and says why', async () => {
    const { targets } = await resolveRecipe(auto('boron'), library)
    expect(targets[0]).toMatchObject({ deviceOs: '4.0.2', fault: null })
    expect(targets[0]?.modules).toHaveLength(4)
    const older = buildModule({ ...boronUser('older'), dependencies: [[4, 1, 3103]] })
    const file = join(mkdtempSync(join(root, 'older-')), 'older.bin')
    writeFileSync(file, older)
    const { sha256 } = await importUser(file, library)
    const asked = recipe({ platforms: ['boron'], deviceOs: 'auto', user: { modules: { boron: sha256 } } })
    expect((await resolveRecipe(asked, library)).targets[0]).toMatchObject({
      deviceOs: '4.0.2',
      note: expect.stringMatching(/built for Device OS 3\.1\.0 .*4\.0\.2 is the next higher/),
      fault: null,
    })
  })

  it('is wrong without one, and missing its firmware where no release will do', async () => {
    expect(await faultsOf({ platforms: ['boron'], deviceOs: 'auto', user: 'set' })).toEqual({ boron: 'RECIPE_INVALID' })
    const folder = mkdtempSync(join(root, 'bare-'))
    const bare = await stockedLibrary(folder, 'boron/4.0.2/user')
    const { targets } = await resolveRecipe(auto('boron'), bare)
    expect(targets[0]).toMatchObject({ deviceOs: null, note: null, fault: { code: 'FIRMWARE_MISSING' } })
  })
})

describe('an application that needs assets', () => {
  const deviceOs = 'keep'
  async function resolvedIn(folder: string, files: Readonly<Record<string, Uint8Array | string>>) {
    const shelf = await openLibrary(join(folder, 'library'), { clock: systemClock })
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'bundle', name)), { recursive: true })
      writeFileSync(join(folder, 'bundle', name), content)
    }
    const user = await importUser(join(folder, 'bundle'), shelf)
    const { targets } = await resolveRecipe(
      recipe({ platforms: ['p2'], deviceOs, user: { modules: { p2: user.sha256 } } }),
      shelf,
    )
    return targets[0]
  }

  it('takes them along from its bundle', async () => {
    const folder = mkdtempSync(join(root, 'bundle-'))
    const files = {
      'app.bin': p2.userWithAsset('cat.txt', 'a cat'),
      'assets/cat.txt': 'a cat',
      'env.json': '{"A":"1"}',
    }
    expect(await resolvedIn(folder, files)).toMatchObject({
      fault: null,
      assets: [
        { name: 'cat.txt', sizeBytes: 5, type: 'plain' },
        { name: 'env', type: 'env' },
      ],
    })
  })

  it('is missing its firmware, by the name of the asset, where the library lacks one', async () => {
    const folder = mkdtempSync(join(root, 'bundle-'))
    expect(await resolvedIn(folder, { 'app.bin': p2.userWithAsset('cat.txt', 'a cat') })).toMatchObject({
      fault: { code: 'FIRMWARE_MISSING', detail: expect.stringContaining('"cat.txt"') },
      modules: [],
      assets: [],
    })
  })
})

describe('a recipe that names files', () => {
  function besides(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(root, 'recipe-'))
    for (const [name, demoPath] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), demoFile(demoPath))
    }
    return join(folder, 'recipe.json')
  }

  it('is taken in with the file beside it, and names it by its hash from then on', async () => {
    const at = besides({ 'app/tinker.bin': 'boron/4.0.2/user-part.bin' })
    const taken = await takeRecipe(recipe({ platforms: ['boron'], user: { file: 'app/tinker.bin' } }), at, library)
    expect(taken).toMatchObject({ user: { modules: { boron: userOf.boron } } })
    expect((await resolveRecipe(taken, library)).targets[0]?.fault).toBeNull()
  })

  it('may name one for each platform', async () => {
    const at = besides({ 'b.bin': 'boron/4.0.2/user-part.bin', 'p.bin': 'p2/5.6.0/user-part.bin' })
    const wanted = recipe({ platforms: ['boron', 'p2'], user: { files: { boron: 'b.bin', p2: 'p.bin' } } })
    expect(await takeRecipe(wanted, at, library)).toMatchObject({ user: { modules: userOf } })
  })

  it('is refused where a file is for another platform than it says', async () => {
    const at = besides({ 'b.bin': 'boron/4.0.2/user-part.bin', 'p.bin': 'p2/5.6.0/user-part.bin' })
    const crossed = recipe({ platforms: ['boron', 'p2'], user: { files: { boron: 'p.bin', p2: 'b.bin' } } })
    await expect(takeRecipe(crossed, at, library)).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
      detail: expect.stringContaining('p.bin is for p2, wanted for boron'),
    })
    const foreign = recipe({ platforms: ['p2'], user: { file: 'b.bin' } })
    await expect(takeRecipe(foreign, at, library)).rejects.toMatchObject({ code: 'RECIPE_INVALID' })
  })

  it('is refused where the file is missing, damaged, or no user firmware', async () => {
    const at = besides({ 'system.bin': 'boron/4.0.2/bootloader.bin' })
    writeFileSync(join(dirname(at), 'short.bin'), demoFile('boron/4.0.2/user-part.bin').subarray(0, 500))
    const with_ = (file: string) => takeRecipe(recipe({ platforms: ['boron'], user: { file } }), at, library)
    await expect(with_('nothere.bin')).rejects.toMatchObject({
      code: 'FIRMWARE_REFUSED',
      detail: expect.stringMatching(/nothere\.bin/),
    })
    await expect(with_('short.bin')).rejects.toMatchObject({
      code: 'FIRMWARE_REFUSED',
      detail: expect.stringMatching(/short\.bin/),
    })
    await expect(with_('system.bin')).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
      detail: expect.stringMatching(/0 user firmwares/),
    })
  })

  it('that is compressed is taken as what it stands for', async () => {
    const at = join(mkdtempSync(join(root, 'packed-')), 'recipe.json')
    const packed = buildModule({ ...boronUser(''), flags: 0x02, payload: pack(boronModules.user('packed')) })
    writeFileSync(join(dirname(at), 'packed.bin'), packed)
    const taken = await takeRecipe(recipe({ platforms: ['boron'], user: { file: 'packed.bin' } }), at, library)
    const original = sha256Of(boronModules.user('packed'))
    expect(taken).toMatchObject({ user: { modules: { boron: original } } })
    for (const sha256 of [original, sha256Of(packed)]) {
      expect(await library.findUser('boron', { sha256 })).toMatchObject({ sha256: original, isCompressed: false })
    }
  })

  it('without files is taken as it is', async () => {
    expect(await takeRecipe(recipe({ user: 'keep' }), 'r.json', library)).toEqual(recipe({ user: 'keep' }))
  })

  it('importing a file that the library has is no trouble', async () => {
    const at = besides({ 'b.bin': 'boron/4.0.2/user-part.bin' })
    const file = join(dirname(at), 'b.bin')
    expect(await importUser(file, library)).toEqual(await importUser(file, library))
  })
})
