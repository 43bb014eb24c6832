// Which of the two kinds a recipe is. Apart from the schema, so that a screen need not load that.
import type { DfuRecipe, ParticleRecipe, Recipe } from './recipe.ts'

/** For DFU devices that are no Particle boards. */
export function isDfuRecipe(recipe: Recipe): recipe is DfuRecipe {
  return 'devices' in recipe
}

/** For Particle boards. */
export function isParticleRecipe(recipe: Recipe): recipe is ParticleRecipe {
  return !isDfuRecipe(recipe)
}
