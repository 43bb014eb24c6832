// Which DFU devices somebody has named: those of the recipe on the command line, or of the one that the station of this data
// folder is set to. Only these may be opened.
import { existsSync } from 'node:fs'
import type { DeviceTarget } from '../../shared/model/firmware-view.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { settingsSchema } from '../../shared/model/settings.ts'
import { dataFolderAt } from '../desk/data-folder.ts'
import { parseRecipe } from '../desk/recipe-file.ts'
import { openRecipeShelf } from '../desk/recipe-shelf.ts'
import type { CommandLine } from './arguments.ts'
import { readInput } from './new-file.ts'
import { stderrLog } from './output.ts'

/** Recipes and settings are some KiB. */
const mostTextBytes = 4 * 1024 * 1024

/** Without their images: what is not flashed needs none. Throws RECIPE_INVALID of a recipe file. */
export function namedDevices(line: CommandLine): readonly DeviceTarget[] {
  const recipe = line.recipe === null ? recipeInUse(line) : parseRecipe(textOf(line.recipe), line.recipe)
  return recipe ? targetsOf(recipe) : []
}

export function targetsOf(recipe: Recipe): readonly DeviceTarget[] {
  return isDfuRecipe(recipe) ? recipe.devices.map((wish) => ({ wish, image: null, fault: null })) : []
}

function recipeInUse(line: CommandLine): Recipe | null {
  const { settings, recipes } = dataFolderAt(line.data)
  if (!existsSync(settings) || !existsSync(recipes)) return null
  const { recipeId } = settingsSchema.safeParse(jsonOf(settings)).data ?? {}
  return recipeId ? openRecipeShelf(recipes, stderrLog()).find(recipeId) : null
}

/** A damaged file is the station's to mend; nobody is named by it. */
function jsonOf(file: string): unknown {
  try {
    return JSON.parse(textOf(file))
  } catch {
    return null
  }
}

function textOf(file: string): string {
  return new TextDecoder().decode(readInput(file, mostTextBytes))
}
