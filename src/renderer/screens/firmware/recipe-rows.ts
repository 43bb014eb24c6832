// What a recipe says besides its modules, one fact a line: only what is out of the ordinary, after the kind of job.

import type { RecipeOrigin } from '../../../shared/model/pack-view.ts'
import type { Recipe } from '../../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../../shared/model/recipe-kind.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'
import { stampText } from '../../text/format.ts'
import { packs } from '../../text/packs.ts'
import { recipeTexts } from '../../text/recipe.ts'
import type { FactRow } from '../../ui/facts.tsx'

const { facts } = recipeTexts

export function recipeRows(recipe: Recipe): readonly FactRow[] {
  return [
    { name: recipeTexts.job, value: (isDfuRecipe(recipe) ? deviceRecipe.jobs : recipeTexts.jobs)[recipe.job] },
    ...(recipe.job === 'flash' ? flashRows(recipe) : []),
    ...limitRows(recipe.limits),
    ...Object.entries(recipe.label).map(([name, value]) => ({ name, value })),
  ]
}

/** Nothing for a recipe that was made here. */
export function originRows({ pack, signedBy }: RecipeOrigin): readonly FactRow[] {
  if (pack === null) return []
  return [
    { name: packs.pack, value: `${pack.name}, ${packs.version(pack.version)}: ${packs.standings[pack.standing]}` },
    ...(signedBy === null ? [] : [{ name: packs.facts.signer, value: signedBy }]),
  ]
}

function flashRows(recipe: Recipe): readonly FactRow[] {
  const force = recipe.force ? [{ name: facts.force, value: facts.yes }] : []
  if (isDfuRecipe(recipe)) return force
  return [
    { name: facts.proof, value: recipeTexts.verify[recipe.verify] },
    ...force,
    ...(recipe.factoryImage === 'user' ? [{ name: facts.factoryImage, value: facts.factoryImageText }] : []),
    ...(recipe.setup === 'keep' ? [] : [{ name: recipeTexts.setup, value: recipeTexts.setups[recipe.setup] }]),
  ]
}

function limitRows(limits: Recipe['limits']): readonly FactRow[] {
  const ends = [
    ...(limits?.boards == null ? [] : [facts.boards(limits.boards)]),
    ...(limits?.notAfter == null ? [] : [facts.notAfter(stampText(limits.notAfter))]),
  ]
  return ends.length === 0 ? [] : [{ name: facts.limits, value: ends.join(', ') }]
}
