// Real firmware through a pack: every whole set of the library, and an application bundle with its assets, mean the same
// modules on a station with nothing else at hand.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePack } from '../../src/main/desk/export-pack.ts'
import { type CommandGround, openPackGround } from '../../src/main/desk/pack-ground.ts'
import { resolveOnStation } from '../../src/main/desk/recipe-origin.ts'
import { examinePackFile, takePack } from '../../src/main/desk/take-pack.ts'
import type { LibrarySet } from '../../src/main/station/firmware/library-model.ts'
import type { RecipeTarget } from '../../src/shared/model/firmware-view.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import { keptLog } from '../host/fake-host.ts'
import { describeWithFirmware, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { packRecipe } from '../station/packs/pack-samples.ts'
import { temporaryFolder } from './desk-under-test.ts'

describeWithFirmware('real firmware in packs', () => {
  let engineer: CommandGround
  let sets: readonly LibrarySet[]

  const groundIn = (folder: string) => openPackGround(folder, { simulation: null }, keptLog())

  beforeAll(async () => {
    engineer = await groundIn(temporaryRoot())
    const folders = readdirSync(firmwareFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const good = folders.map(({ name }) => name).filter((name) => name !== 'bad' && name !== 'odd')
    await engineer.library.importPaths(good.map((name) => join(firmwareFolder, name)))
    sets = await engineer.library.sets()
  }, 120_000)

  /** Packs it, takes it where nothing else is, and gives what it means here and there. */
  async function throughPack(recipe: Recipe): Promise<readonly [here: Meaning, there: Meaning]> {
    const privateKey = engineer.keys.signingKey()
    const { name, bytes } = await makePack(engineer, recipe, { author: 'test', privateKey })
    const line = await groundIn(temporaryFolder())
    line.keys.trust('Engineer', String(engineer.keys.view().own?.publicKey))
    const file = { name: `${name}.dfupack`, bytes }
    const taken = await takePack(line, await examinePackFile(line, file, new AbortController().signal), 'test')
    const here = await resolveOnStation(engineer, recipe)
    const there = await resolveOnStation(line, recipe)
    expect(there.origin.pack).toMatchObject({ packId: taken.packId, standing: 'trusted' })
    for (const { modules, assets } of there.resolved.targets) {
      for (const module of modules) await line.library.bytesOf(module)
      for (const asset of assets) await line.library.assetModuleOf(asset)
    }
    return [meaningOf(here.resolved.targets), meaningOf(there.resolved.targets)]
  }

  it('means the same modules for every whole Device OS set', async () => {
    const whole = sets.filter(
      ({ platform, deviceOsVersion, lacks }) => platform && deviceOsVersion && lacks.length === 0,
    )
    const releases = new Map(whole.map((set) => [`${set.platform} ${set.deviceOsVersion}`, set]))
    expect(releases.size).toBeGreaterThan(8)
    const platforms = new Set<string>()
    for (const [name, { platform, deviceOsVersion }] of releases) {
      if (!platform || !deviceOsVersion) continue
      const found = await engineer.library.findSet(platform, deviceOsVersion)
      const user = found?.user ? 'set' : 'keep'
      const recipe: Recipe = { ...packRecipe, name, platforms: [platform], deviceOs: deviceOsVersion, user }
      const [here, there] = await throughPack(recipe)
      expect([name, there]).toEqual([name, here])
      expect(there[0]?.modules.length).toBeGreaterThan(1)
      platforms.add(platform)
    }
    console.info(`${releases.size} releases of ${[...platforms].join(', ')}`)
  }, 300_000)

  it('means the same application, assets and variables for every bundle', async () => {
    const bundles = sets.filter(({ assets, env }) => assets.length > 0 || env !== null)
    expect(bundles.length).toBeGreaterThan(0)
    let assets = 0
    for (const { modules } of bundles) {
      const [user] = modules
      if (!user) continue
      const recipe: Recipe = {
        ...{
          ...packRecipe,
          name: user.source.replaceAll('/', ' '),
          platforms: [user.platform],
          deviceOs: 'keep' as const,
        },
        user: { modules: { [user.platform]: user.sha256 } },
      }
      const [here, there] = await throughPack(recipe)
      expect(there).toEqual(here)
      assets += there[0]?.assets.length ?? 0
    }
    expect(assets).toBeGreaterThan(0)
  }, 120_000)
})

type Meaning = readonly {
  readonly modules: readonly string[]
  readonly assets: readonly string[]
  readonly fault: unknown
}[]

function meaningOf(targets: readonly RecipeTarget[]): Meaning {
  return targets.map(({ modules, assets, fault }) => ({
    modules: modules.map(({ kind, index, version, sha256 }) => `${kind} ${index} ${version} ${sha256}`).toSorted(),
    assets: assets.map(({ name, sha256, type }) => `${name} ${type} ${sha256}`),
    fault,
  }))
}

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

/** For the whole file. */
function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'station-packs-'))
  roots.push(root)
  return root
}
