// A recipe from outside: the user firmware or the images it names by file go into the library, and the recipe names them
// by hash from then on, so that what will be flashed is fixed by the recipe alone.
import { dirname, resolve } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import type { DfuRecipe, DfuRecipeDevice, ParticleRecipe, Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'
import { fetchedUser } from './fetch-user-firmware.ts'

/** `recipeFile` is where relative file names start from. Throws RECIPE_INVALID or the refusal of a file. */
export async function takeRecipe(recipe: Recipe, recipeFile: string, library: FirmwareLibrary): Promise<Recipe> {
  if (isDfuRecipe(recipe)) return takeImages(recipe, recipeFile, library)
  if (typeof recipe.user === 'string' || 'modules' in recipe.user) return recipe
  if ('url' in recipe.user) return takeFetched(recipe, library)
  const modules: Partial<Record<PlatformName, string>> = {}
  for (const { file, platform } of filesOf(recipe)) {
    const path = resolve(dirname(recipeFile), file)
    const user = await importUser(path, library)
    const isMeant = platform === null ? recipe.platforms.includes(user.platform) : platform === user.platform
    if (!isMeant) {
      const meant = platform ?? recipe.platforms.join(', ')
      throw new Fault('RECIPE_INVALID', `${recipeFile}: ${file} is for ${user.platform}, wanted for ${meant}`)
    }
    modules[user.platform] = user.sha256
  }
  return { ...recipe, user: { modules } }
}

/**
 * What the recipe names by an address was fetched by an engineer before: the library alone is asked. Any other recipe is
 * given back as it is. Throws FIRMWARE_MISSING or RECIPE_INVALID.
 */
export async function takeFetched(recipe: Recipe, library: FirmwareLibrary): Promise<Recipe> {
  if (isDfuRecipe(recipe) || typeof recipe.user === 'string' || !('url' in recipe.user)) return recipe
  const user = fetchedUser(recipe.user, await library.sets())
  if (!recipe.platforms.includes(user.platform)) {
    const wanted = recipe.platforms.join(', ')
    throw new Fault('RECIPE_INVALID', `${recipe.user.url} is for ${user.platform}, wanted for ${wanted}`)
  }
  return { ...recipe, user: { modules: { [user.platform]: user.sha256 } } }
}

async function takeImages(recipe: DfuRecipe, recipeFile: string, library: FirmwareLibrary): Promise<DfuRecipe> {
  const devices: DfuRecipeDevice[] = []
  for (const device of recipe.devices) {
    const { image } = device
    if (image === null || !('file' in image)) devices.push(device)
    else devices.push({ ...device, image: await importImage(resolve(dirname(recipeFile), image.file), library) })
  }
  return { ...recipe, devices }
}

/** Throws the refusal of the file. */
async function importImage(path: string, library: FirmwareLibrary): Promise<{ readonly sha256: string }> {
  const { imported, refused } = await library.images.importPaths([path])
  const [image] = imported
  if (image) return { sha256: image.sha256 }
  throw refused[0] ?? new Fault('INTERNAL', `${path}: neither taken nor refused`)
}

interface NamedFile {
  readonly file: string
  /** null: the recipe does not say for which platform. */
  readonly platform: PlatformName | null
}

function filesOf({ user, platforms }: ParticleRecipe): readonly NamedFile[] {
  if (typeof user === 'string' || 'modules' in user || 'url' in user) return []
  if ('file' in user) return [{ file: user.file, platform: null }]
  const { files } = user
  return platforms.flatMap((platform) => {
    const file = files[platform]
    return file === undefined ? [] : [{ file, platform }]
  })
}

/** Imports one file that must hold exactly one user part. Throws its refusal, or RECIPE_INVALID. */
export async function importUser(
  path: string,
  library: FirmwareLibrary,
): Promise<{ readonly platform: PlatformName; readonly sha256: string }> {
  const report = await library.importPaths([path])
  const refusal = report.refused[0]
  if (refusal) throw refusal
  const users = report.imported
    .flatMap((set) => [...set.modules, ...set.others])
    .filter((module): module is BoardModule => module.kind === 'user' && !module.isCompressed && !module.isCombined)
  const user = users[0]
  if (!user || users.length > 1) {
    throw new Fault('RECIPE_INVALID', `${path}: holds ${users.length} user firmwares, wanted exactly one`)
  }
  return { platform: user.platform, sha256: user.sha256 }
}
