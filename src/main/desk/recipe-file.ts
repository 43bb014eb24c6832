// A recipe as text: read with one clear line about what is wrong, and named by the hash of what it says.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { describeIssues } from '../../shared/contract/serve-call.ts'
import { Fault } from '../../shared/fault/fault.ts'
import { parseSha256, type Sha256 } from '../../shared/model/ids.ts'
import { plainDevice, plainFlash } from '../../shared/model/plain-flash.ts'
import { dfuRecipeSchema, particleRecipeSchema, type Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { type CanonicalValue, canonicalJson } from '../audit/canonical-json.ts'
import { checkDeviceRecipe } from './check-device-recipe.ts'

/** Throws RECIPE_INVALID naming the file and the reason. */
export function parseRecipe(text: string, file: string): Recipe {
  const json = parseJson(text, file)
  const parsed = schemaFor(json).safeParse(json)
  if (!parsed.success) throw new Fault('RECIPE_INVALID', `${file}: ${describeIssues(parsed.error.issues)}`)
  try {
    checkDeviceRecipe(parsed.data)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    throw new Fault('RECIPE_INVALID', `${file}: ${thrown.detail}`, { cause: thrown })
  }
  return parsed.data
}

/** One of the two, so that what is said of a bad one is about that one; "device" is a slip of the pen. */
function schemaFor(json: unknown) {
  const fields = typeof json === 'object' && json !== null ? Object.keys(json) : []
  const isDfu =
    fields.includes('devices') || (!fields.includes('platforms') && fields.some((name) => /^devices?$/i.test(name)))
  return isDfu ? dfuRecipeSchema : particleRecipeSchema
}

function parseJson(text: string, file: string): unknown {
  try {
    // Editors of Windows put a byte order mark first.
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (thrown) {
    throw new Fault('RECIPE_INVALID', `${file}: not JSON (${String(thrown)})`, { cause: thrown })
  }
}

/**
 * SHA-256 of the recipe with its keys in order: the same recipe has the same name on every station. What a recipe leaves
 * at its default does not count, nor does what a device of it leaves so: a field of a later version changes no older
 * name.
 */
export function recipeHash(recipe: Recipe): Sha256 {
  const whole = isDfuRecipe(recipe)
    ? { ...recipe, devices: recipe.devices.map((device) => saidIn(device, plainDevice)) }
    : recipe
  const said = saidIn(whole, plainFlash)
  const hash = parseSha256(
    createHash('sha256')
      .update(canonicalJson(said as CanonicalValue))
      .digest('hex'),
  )
  if (!hash) throw new Fault('INTERNAL', 'SHA-256 of a recipe')
  return hash
}

/** All fields that are not what they are when they are left out. */
function saidIn(fields: object, defaults: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([field, value]) => !isDeepStrictEqual(value, defaults[field])),
  )
}
