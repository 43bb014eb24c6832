// From a recipe to the very modules it means on this station, for each of its platforms, or why it cannot be done.
import { lte } from 'semver'
import { asFault, Fault, reportOf } from '../../shared/fault/fault.ts'
import type { RecipeTarget, ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { FirmwareModule } from '../../shared/model/module.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import { type ParticleRecipe, type Recipe, targetDeviceOs } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import type { FirmwareLibrary, FoundSet, MissingModule } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'
import { setsByRelease } from '../station/firmware/release-lines.ts'
import { type ChosenDeviceOs, chooseDeviceOs } from './choose-device-os.ts'
import { recipeHash } from './recipe-file.ts'
import { resolveDevice } from './resolve-device.ts'

/** The first Device OS that reports the hash of its modules. */
const reportsHashesFrom = '5.6.0'

export async function resolveRecipe(recipe: Recipe, library: FirmwareLibrary): Promise<ResolvedRecipe> {
  const sha256 = recipeHash(recipe)
  if (isDfuRecipe(recipe)) {
    const devices = await Promise.all(recipe.devices.map((wish) => resolveDevice(wish, recipe, library)))
    return { recipe, sha256, targets: [], devices }
  }
  const targets = await Promise.all(recipe.platforms.map((platform) => resolveTarget(recipe, platform, library)))
  return { recipe, sha256, targets, devices: [] }
}

async function resolveTarget(
  recipe: ParticleRecipe,
  platform: PlatformName,
  library: FirmwareLibrary,
): Promise<RecipeTarget> {
  const asked = targetDeviceOs(recipe, platform)
  let target: Pick<RecipeTarget, 'platform' | 'deviceOs' | 'note'> = {
    platform,
    deviceOs: asked === 'keep' || asked === 'auto' ? null : asked,
    note: null,
  }
  // It names nothing: who the board is does not depend on a file.
  if (recipe.job === 'identify') return { ...target, modules: [], assets: [], fault: null }
  try {
    const chosen = asked === 'auto' ? await chosenDeviceOs(recipe, platform, library) : null
    target = { ...target, ...chosen }
    const deviceOs = chosen?.deviceOs ?? asked
    const { system, user } = await modulesFor(recipe, { platform, deviceOs }, library)
    const modules = user ? [...system, user] : system
    return { ...target, modules, assets: user ? await library.assetsOf(user) : [], fault: null }
  } catch (thrown) {
    return { ...target, modules: [], assets: [], fault: reportOf(asFault(thrown)) }
  }
}

async function chosenDeviceOs(
  recipe: ParticleRecipe,
  platform: PlatformName,
  library: FirmwareLibrary,
): Promise<ChosenDeviceOs> {
  const user = await chosenUser(recipe, platform, library)
  if (user) return chooseDeviceOs(user, setsByRelease(await library.sets(), platform))
  throw new Fault('RECIPE_INVALID', `${recipe.name} leaves Device OS to its user firmware and names none`)
}

interface Chosen {
  readonly system: readonly FirmwareModule[]
  /** null where the recipe leaves the user firmware alone. */
  readonly user: BoardModule | null
}

async function modulesFor(
  recipe: ParticleRecipe,
  wanted: { readonly platform: PlatformName; readonly deviceOs: string | null },
  library: FirmwareLibrary,
): Promise<Chosen> {
  const { platform, deviceOs } = wanted
  if (deviceOs === null) throw new Fault('RECIPE_INVALID', `${recipe.name} names no Device OS version for ${platform}`)
  if (deviceOs === 'keep') return { system: [], user: await userOnly(recipe, platform, library) }
  if (recipe.verify === 'reported' && !lte(reportsHashesFrom, deviceOs)) {
    const why = `Device OS ${deviceOs} reports no module hashes`
    throw new Fault('RECIPE_INVALID', `${recipe.name}: verify "reported" needs ${reportsHashesFrom} or later; ${why}`)
  }
  const found = await library.findSet(platform, deviceOs)
  if (!found) throw new Fault('FIRMWARE_MISSING', `the library has no Device OS ${deviceOs} for ${platform}`)
  const lacking = found.lacks.filter(isForTheSet)
  if (lacking.length > 0) {
    const lacks = lacking.map((each) => `${each.kind} ${each.index} (wanted by ${each.wantedBy})`).join(', ')
    throw new Fault('FIRMWARE_MISSING', `Device OS ${deviceOs} for ${platform} is not complete: it lacks ${lacks}`)
  }
  const user = recipe.user === 'set' ? userOfSet(found, deviceOs) : await chosenUser(recipe, platform, library)
  return { system: found.modules, user }
}

/** Most boards carry the firmware of their network processor already: the plan asks the board that it flashes. */
function isForTheSet({ kind }: MissingModule): boolean {
  return kind !== 'ncp'
}

/** A board without an application would stay in safe mode: leaving it out must be asked for. */
function userOfSet({ set, user }: FoundSet, deviceOs: string): BoardModule {
  if (user) return user
  const users = set.others.filter(({ kind }) => kind === 'user').length
  const has = users === 0 ? 'no user firmware' : `${users} user firmwares and none that is its own`
  const wish = 'name one (--user FILE, or "user" in the recipe), or keep the one on the board ("user": "keep")'
  throw new Fault('FIRMWARE_MISSING', `the Device OS ${deviceOs} set for ${set.platform} has ${has}: ${wish}`)
}

async function userOnly(
  recipe: ParticleRecipe,
  platform: PlatformName,
  library: FirmwareLibrary,
): Promise<BoardModule> {
  const user = await chosenUser(recipe, platform, library)
  if (!user)
    throw new Fault('RECIPE_INVALID', `${recipe.name} keeps Device OS and names no user firmware: nothing to do`)
  return user
}

/** null where the recipe leaves the user firmware alone. */
async function chosenUser(
  recipe: ParticleRecipe,
  platform: PlatformName,
  library: FirmwareLibrary,
): Promise<BoardModule | null> {
  if (typeof recipe.user === 'string') return null
  if (!('modules' in recipe.user)) throw new Fault('INTERNAL', 'a recipe with files or an address was not taken in')
  const sha256 = recipe.user.modules[platform]
  if (!sha256) throw new Fault('RECIPE_INVALID', `${recipe.name} names no user firmware for ${platform}`)
  const module = await library.findUser(platform, { sha256 })
  if (!module) throw new Fault('FIRMWARE_MISSING', `user firmware ${sha256} for ${platform} is not in the library`)
  return module
}
