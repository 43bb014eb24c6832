// A recipe from outside: the user firmware it names by file goes into the library, and the recipe names it by hash from
// then on, so that what will be flashed is fixed by the recipe alone.
import { dirname, resolve } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { type PlatformName, platformNames } from '../../shared/model/platform.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'

/** `recipeFile` is where relative file names start from. Throws RECIPE_INVALID or the refusal of a file. */
export async function takeRecipe(recipe: Recipe, recipeFile: string, library: FirmwareLibrary): Promise<Recipe> {
  if (typeof recipe.user === 'string' || 'modules' in recipe.user) return recipe
  const files =
    'file' in recipe.user
      ? [recipe.user.file]
      : platformNames.flatMap((name) => (filesOf(recipe)[name] ? [filesOf(recipe)[name] as string] : []))
  const modules: Partial<Record<PlatformName, string>> = {}
  for (const file of files) {
    const path = resolve(dirname(recipeFile), file)
    const user = await importUser(path, library)
    modules[user.platform] = user.sha256
  }
  return { ...recipe, user: { modules } }
}

function filesOf(recipe: Recipe): Partial<Record<PlatformName, string>> {
  return typeof recipe.user === 'object' && 'files' in recipe.user ? recipe.user.files : {}
}

/** Imports one file that must hold exactly one user part. */
export async function importUser(
  path: string,
  library: FirmwareLibrary,
): Promise<{ readonly platform: PlatformName; readonly sha256: string }> {
  const report = await library.importPaths([path])
  const refusal = report.refused[0]
  if (refusal) throw refusal
  const users = report.imported
    .flatMap((set) => [...set.modules, ...set.others])
    .filter((module): module is BoardModule => module.kind === 'user')
  const user = users[0]
  if (!user || users.length > 1) {
    throw new Fault('RECIPE_INVALID', `${path}: holds ${users.length} user firmwares, wanted exactly one`)
  }
  return { platform: user.platform, sha256: user.sha256 }
}
