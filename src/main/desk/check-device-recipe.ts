// What of a recipe for DFU devices can be judged without its images: that each device is named so that it can be told from
// every other. A Particle recipe has nothing of the kind.
import { Fault } from '../../shared/fault/fault.ts'
import type { DfuRecipeDevice, Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { normalMatch } from '../station/devices/match.ts'

/** Throws RECIPE_INVALID. */
export function checkDeviceRecipe(recipe: Recipe): void {
  if (!isDfuRecipe(recipe)) return
  checkNames(recipe.devices)
  const owners = new Map<string, string>()
  for (const device of recipe.devices) {
    checkMemory(device)
    for (const name of namesOf(device)) {
      const owner = owners.get(name)
      if (owner !== undefined) {
        const why = owner === device.name ? 'is named twice' : `is named by ${owner}, too, which comes first`
        throw new Fault('RECIPE_INVALID', `${device.name}: ${name} ${why}`)
      }
      owners.set(name, device.name)
    }
  }
}

/** The bench goes by the name once it has seen which of them stands on a port. */
function checkNames(devices: readonly DfuRecipeDevice[]): void {
  const names = devices.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Fault('RECIPE_INVALID', `${twice}: two devices have this name`)
}

function namesOf({ name, match }: DfuRecipeDevice): readonly string[] {
  try {
    return match.map(normalMatch)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    throw new Fault('RECIPE_INVALID', `${name}: ${thrown.detail}`, { cause: thrown })
  }
}

/** An empty start of a name would fit every memory. */
function checkMemory({ name, memory }: DfuRecipeDevice): void {
  if (typeof memory !== 'string' || memory.trim().replace(/^@/, '').trim() !== '') return
  throw new Fault('RECIPE_INVALID', `${name}: ${JSON.stringify(memory)} is no name of a memory`)
}
