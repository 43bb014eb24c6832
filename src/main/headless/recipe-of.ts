// The recipe a command line means: a file, or a Device OS version with or without a user firmware. Everything it needs
// is looked for now, so that what is missing is said before any board is touched.
import { readFileSync } from 'node:fs'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import { platformNames } from '../../shared/model/platform.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { openDataFolder } from '../desk/data-folder.ts'
import { parseRecipe } from '../desk/recipe-file.ts'
import { resolveRecipe } from '../desk/resolve-recipe.ts'
import { importUser, takeRecipe } from '../desk/take-recipe.ts'
import { openLibrary } from '../station/firmware/library.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import { systemClock } from '../station/system-clock.ts'
import type { CommandLine } from './arguments.ts'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Throws UsageError, RECIPE_INVALID, FIRMWARE_MISSING, or the refusal of a file. */
export async function recipeOf(line: CommandLine, output: Output): Promise<Recipe> {
  const library = await openLibrary(openDataFolder(line.data).library, { clock: systemClock })
  const wished =
    line.recipe !== null ? await fromFile(line.recipe, library) : await fromTarget(line.target ?? '', library)
  const recipe = line.user === null ? wished : await withUser(wished, line.user, library)
  const { targets, devices } = await resolveRecipe(recipe, library)
  const faults = [...targets, ...devices].flatMap(({ fault }) => fault ?? [])
  if (faults[0] && faults.length === targets.length + devices.length) throw faultFrom(faults[0])
  for (const { note } of targets) if (note !== null) output.note(note)
  for (const { code, detail } of faults) output.note(`${code}: ${detail}; such boards will not be flashed`)
  return recipe
}

/** This user firmware in place of any other, and only boards that it is made for. */
async function withUser(recipe: Recipe, file: string, library: FirmwareLibrary): Promise<Recipe> {
  const { platform, sha256 } = await importUser(file, library)
  if (isDfuRecipe(recipe) || !recipe.platforms.includes(platform)) {
    throw new Fault('RECIPE_INVALID', `--user ${file}: made for ${platform}; ${recipe.name} is not for such boards`)
  }
  return { ...recipe, platforms: [platform], user: { modules: { [platform]: sha256 } } }
}

async function fromFile(file: string, library: FirmwareLibrary): Promise<Recipe> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`--recipe ${file}: cannot be read (${(thrown as Error).message})`)
  }
  return takeRecipe(parseRecipe(text, file), file, library)
}

async function fromTarget(target: string, library: FirmwareLibrary): Promise<Recipe> {
  const platforms = await platformsWith(target, library)
  if (platforms.length === 0) {
    throw new Fault('FIRMWARE_MISSING', `--target ${target}: the library has no such Device OS for any board`)
  }
  const recipe = {
    format: 'dfu-station-recipe',
    version: 1,
    name: `Device OS ${target}`,
    platforms,
    deviceOs: target,
    user: 'set',
  }
  return parseRecipe(JSON.stringify(recipe), `--target ${target}`)
}

async function platformsWith(target: string, library: FirmwareLibrary): Promise<readonly PlatformName[]> {
  // Which Device OS that is follows from the user firmware, and so do the boards.
  if (target === 'auto') return platformNames
  const found = await Promise.all(platformNames.map((name) => library.findSet(name, target)))
  return platformNames.filter((_, at) => found[at])
}
