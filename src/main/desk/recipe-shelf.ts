// The recipes of a station: one file each, named by its hash. What they mean is worked out anew from the library, so a
// recipe whose firmware was removed says so.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { asFault, Fault } from '../../shared/fault/fault.ts'
import { parseSha256, type Sha256 } from '../../shared/model/ids.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import type { Log } from '../station/ports.ts'
import { parseRecipe, recipeHash } from './recipe-file.ts'
import { writeAtomically } from './write-atomically.ts'

export interface RecipeShelf {
  /** In the order of their names. */
  list(): readonly { readonly recipeId: Sha256; readonly recipe: Recipe }[]
  find(recipeId: string): Recipe | null
  save(recipe: Recipe): Sha256
  remove(recipeId: string): void
}

const ending = '.json'

export function openRecipeShelf(folder: string, log: Log): RecipeShelf {
  const read = (recipeId: Sha256): Recipe | null => {
    const file = join(folder, `${recipeId}${ending}`)
    try {
      const recipe = parseRecipe(readFileSync(file, 'utf8'), file)
      if (recipeHash(recipe) === recipeId) return recipe
      throw new Fault('RECIPE_INVALID', `${file}: changed since it was saved; its name is the hash of what it said`)
    } catch (thrown) {
      log.warn(`recipe left out: ${asFault(thrown).detail}`)
      return null
    }
  }
  const ids = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .flatMap((name) => parseSha256(name.slice(0, -ending.length)) ?? [])
  return {
    list: () =>
      ids()
        .flatMap((recipeId) => {
          const recipe = read(recipeId)
          return recipe ? [{ recipeId, recipe }] : []
        })
        .sort((a, b) => a.recipe.name.localeCompare(b.recipe.name)),
    find: (recipeId) => {
      const known = ids().find((each) => each === recipeId)
      return known ? read(known) : null
    },
    save: (recipe) => {
      const recipeId = recipeHash(recipe)
      writeAtomically(join(folder, `${recipeId}${ending}`), `${JSON.stringify(recipe, null, 2)}\n`)
      return recipeId
    },
    remove: (recipeId) => {
      const known = ids().find((each) => each === recipeId)
      if (known) rmSync(join(folder, `${known}${ending}`), { force: true })
    },
  }
}
