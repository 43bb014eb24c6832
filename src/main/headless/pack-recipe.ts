// The recipe of a pack that a command line names: the pack is taken into the data folder first, as any station takes it.
import { resolve } from 'node:path'
import { faultFrom } from '../../shared/fault/fault.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { packFileAt } from '../desk/open-pack.ts'
import { openPackGround } from '../desk/pack-ground.ts'
import { faultOfRecipe } from '../desk/recipe-origin.ts'
import { examinePackFile, takePack } from '../desk/take-pack.ts'
import type { CommandLine } from './arguments.ts'
import { type Output, stderrLog } from './output.ts'
import { simulationOf } from './simulation-of.ts'

export interface CommandRecipe {
  readonly recipe: Recipe
  /** The pack that was named: another of this station may have the same recipe. */
  readonly packId?: string
}

/** Throws the fault of a pack that may not be used here, or the refusal of a module in it. */
export async function packRecipe(file: string, line: CommandLine, output: Output): Promise<CommandRecipe> {
  const ground = await openGround(line)
  const path = resolve(file)
  const examined = await examinePackFile(ground, await packFileAt(path), new AbortController().signal)
  const { packId } = await takePack(ground, examined, path)
  const { standing, fault } = examined.standing
  if (fault) output.note(`${standing.toUpperCase()} PACK, on simulated boards only: ${fault.detail}`)
  return { recipe: examined.pack.manifest.recipe, packId }
}

/** Throws RECIPE_LOCKED, before a board is touched. */
export async function refuseUnsignedRecipe(line: CommandLine, { recipe, packId }: CommandRecipe): Promise<void> {
  const ground = await openGround(line)
  const options = packId === undefined ? ground.options : { ...ground.options, packId }
  const fault = faultOfRecipe({ ...ground, options }, recipe)
  if (fault) throw faultFrom(fault)
}

function openGround(line: CommandLine) {
  return openPackGround(line.data, { simulation: simulationOf(line) }, stderrLog())
}
