// What goes into a pack: every file that a recipe takes from the library of this station, laid out so that any library
// makes the same sets of it again. That it does is proven before the pack leaves.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { DeviceTarget, RecipeTarget, ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { TargetAsset } from '../../shared/model/module.ts'
import type { ParticleRecipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { encodeVariables } from '../station/firmware/env-asset.ts'
import { openLibrary } from '../station/firmware/library.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import { sha256Of } from '../station/firmware/module-suffix.ts'
import { type StoredFile, writeStoredZip } from '../station/packs/stored-zip.ts'
import type { Clock } from '../station/ports.ts'
import { checkImages, imageFiles, importImages } from './pack-images.ts'
import { resolveRecipe } from './resolve-recipe.ts'

/** Throws the fault of a platform or device that cannot be flashed, FIRMWARE_CORRUPT, or PACK_UNREADABLE for what cannot be packed. */
export async function packFiles(resolved: ResolvedRecipe, library: FirmwareLibrary): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  const { recipe } = resolved
  if (isDfuRecipe(recipe)) return imageFiles(resolved.devices, library)
  for (const target of resolved.targets) {
    if (target.fault) throw faultFrom(target.fault)
    files.push(...(await filesOfTarget(target, recipe, library)))
  }
  return files
}

async function filesOfTarget(
  target: RecipeTarget,
  { user, name }: ParticleRecipe,
  library: FirmwareLibrary,
): Promise<readonly StoredFile[]> {
  const { platform, deviceOs, modules, assets } = target
  if (assets.length > 0 && user === 'set') {
    throw new Fault('PACK_UNREADABLE', `${name}: choose the user firmware that needs assets by itself, then pack again`)
  }
  const system = `sets/${platform}-${deviceOs ?? 'kept'}`
  const bundle = `sets/${platform}-user`
  const packedModules = modules.map(async (module) => ({
    // Not the well-known names: what a file is called must claim nothing.
    path: `${module.kind === 'user' && user !== 'set' ? bundle : system}/${module.kind}-${module.index}.bin`,
    bytes: await library.bytesOf(module),
  }))
  const packedAssets = assets.map((asset) => assetFile(asset, bundle, library))
  return Promise.all([...packedModules, ...packedAssets])
}

/** As an application bundle has it: assets in a folder of their own, variables as text. */
async function assetFile(asset: TargetAsset, folder: string, library: FirmwareLibrary): Promise<StoredFile> {
  if (asset.type === 'plain') return { path: `${folder}/assets/${asset.name}`, bytes: await library.rawAssetOf(asset) }
  const sets = await library.sets()
  const env = sets.find((set) => set.env !== null && sha256Of(encodeVariables(set.env)) === asset.sha256)?.env
  if (!env) throw new Fault('FIRMWARE_MISSING', `the variables ${asset.sha256} are not in the library any more`)
  const inOrder = Object.fromEntries(Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { path: `${folder}/env.json`, bytes: Buffer.from(`${JSON.stringify(inOrder, null, 2)}\n`) }
}

/**
 * Puts the files into a library of their own and works the recipe out there. Throws PACK_UNREADABLE where it would
 * mean anything else than here. `root` is where that library may lie for a moment.
 */
export async function provePackFiles(
  { recipe, targets, devices }: ResolvedRecipe,
  files: readonly StoredFile[],
  at: { readonly root: string; readonly clock: Clock },
): Promise<void> {
  const folder = mkdtempSync(join(at.root, 'upload-pack-'))
  const refuse = (why: string) =>
    new Fault('PACK_UNREADABLE', `${recipe.name}: another station could not use it: ${why}`)
  try {
    const library = await openLibrary(folder, { clock: at.clock })
    if (isDfuRecipe(recipe)) {
      checkImages(recipe, files, recipe.name)
      await importImages(files, library)
      const there = await resolveRecipe(recipe, library)
      if (!isDeepStrictEqual(there.devices.map(wordOf), devices.map(wordOf))) throw refuse('it would take other images')
      return
    }
    const { imported, refused } = await library.importUpload('pack.zip', writeStoredZip(files))
    if (refused[0]) throw refuse(refused[0].detail)
    const only = library.within(imported.map(({ id }) => id))
    const there = await resolveRecipe(recipe, only)
    if (wordsOf(there.targets) !== wordsOf(targets))
      throw refuse(there.targets.find(({ fault }) => fault)?.fault?.detail ?? 'it would take other modules')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** All that is written, and whether it may be; where a file came from has other words on another station. */
function wordOf({ image, fault }: DeviceTarget) {
  return { fault, sha256: image?.sha256, elements: image?.elements, guids: image?.guids, version: image?.version }
}

/** The same words for the same modules and assets, in any order. */
function wordsOf(targets: readonly RecipeTarget[]): string {
  return JSON.stringify(
    targets.map(({ platform, modules, assets, fault }) => ({
      platform,
      hashes: [...modules, ...assets].map(({ sha256 }) => sha256).toSorted(),
      fault,
    })),
  )
}
