// The recipe: what to flash and how to prove it. A versioned JSON file that an engineer writes and a station obeys.
import { z } from 'zod'
import { type PlatformName, platformNames } from './platform.ts'

const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
/** What every recipe has: see below. */
const common = {
  format: z.literal('dfu-station-recipe'),
  version: z.literal(1),
  name: z.string().trim().min(1).max(80),
  job: z.enum(['flash', 'verify', 'identify']).default('flash'),
  limits: z
    .strictObject({ boards: z.int().min(1).nullable(), notAfter: z.int().nullable() })
    .nullable()
    .default(null),
  label: z.record(z.string().min(1).max(40), z.string().max(200)).default({}),
} as const
const release = z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/, 'a Device OS version such as 4.0.2')

/**
 * job: "flash" writes and proves; "verify" compares all that the recipe names with the board and writes nothing;
 * "identify" only records who the board is and what it carries.
 * deviceOs: a version for all platforms, one for each platform, "keep" to leave Device OS alone, or "auto" for the one
 * that the user firmware was built for, or the next higher one of the library.
 * user: "set" takes the user firmware of the Device OS set (Tinker), "keep" leaves the board's, { file } names a module
 * file beside the recipe ({ files } one for each platform), { url, sha256 } a file that an engineer fetched into the
 * library before, { modules } names modules of the library by SHA-256: what the others become when a station takes a
 * recipe in.
 * verify: "read-back" reads every written byte back over DFU and compares; "reported" relies on the CRC and hash that
 * Device OS 5.6.0 and later reports of each module.
 * force: also what the board holds already is written again.
 * factoryImage: "user" puts the user firmware into the place that a factory reset restores from, too.
 * setup: the set-up flag of Gen 3 boards below Device OS 4.0.0, which listen for a set-up until it is set.
 * limits: a station ends the recipe after so many boards it passed, or after this moment (milliseconds UTC).
 * label: what goes on labels and into exports with each board: names and texts that the engineer chose.
 */
export const particleRecipeSchema = z.strictObject({
  ...common,
  platforms: z.array(platform).min(1),
  deviceOs: z.union([z.literal('keep'), z.literal('auto'), release, z.partialRecord(platform, release)]),
  user: z.union([
    z.literal('set'),
    z.literal('keep'),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ files: z.partialRecord(platform, z.string().min(1)) }),
    z.strictObject({ url: z.url({ protocol: /^https?$/ }), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.strictObject({ modules: z.partialRecord(platform, z.string().regex(/^[0-9a-f]{64}$/)) }),
  ]),
  verify: z.enum(['read-back', 'reported']).default('read-back'),
  force: z.boolean().default(false),
  factoryImage: z.enum(['keep', 'user']).default('keep'),
  setup: z.enum(['keep', 'done', 'not-done']).default('keep'),
})

/**
 * One kind of DFU device that is no Particle board, and what it gets.
 * match: all names of the device, of its program and of its loader: "0483:df11", instance ids ("USB\\VID_0483&PID_DF11")
 * or GUIDs. Nothing that is not named here is ever opened.
 * image: "file" beside the recipe (raw, .dfu, DfuSe .dfu, Intel HEX, .cab), or the SHA-256 of a file in the library: what
 * the other becomes when a station takes the recipe in. null only where nothing is compared ("identify").
 * address: where a raw file goes, for DfuSe; memory: the alternate setting by number or by the start of its name.
 * version: what the program must report as bcdDevice when all is done ("1.02" or "0x0102"); null: it is only recorded.
 * verify: "read-back" needs a device that can upload; "reported" relies on what the device says of the download.
 * erase: "all" erases the whole memory before (DfuSe mass erase). readProtection: "remove" erases everything, too.
 * allow: memories that are left alone unless they are named: option bytes and one-time-programmable areas.
 * loader: whether a loader whose ids many products share is taken for this device by itself, or a person is asked.
 * afterwards: "run" leaves DFU mode, "stay" does not.
 */
const dfuTargetSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  match: z.array(z.string().trim().min(1).max(200)).min(1).max(32),
  image: z
    .union(
      [z.strictObject({ file: z.string().min(1) }), z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })],
      'wants {"file": ...} or {"sha256": ...}',
    )
    .nullable()
    .default(null),
  address: z.int().min(0).max(0xffff_ffff).nullable().default(null),
  memory: z
    .union([z.int().min(0).max(255), z.string().min(1).max(100)], 'wants a number or the start of a name')
    .nullable()
    .default(null),
  version: z
    .string()
    .regex(/^(\d{1,2}\.\d{2}|0x[0-9a-f]{4})$/i, 'a bcdDevice such as 1.02 or 0x0102')
    .nullable()
    .default(null),
  verify: z.enum(['read-back', 'reported']).default('read-back'),
  erase: z.enum(['touched', 'all']).default('touched'),
  readProtection: z.enum(['keep', 'remove']).default('keep'),
  allow: z.array(z.enum(['option-bytes', 'otp'])).default([]),
  loader: z.enum(['ask', 'take']).default('ask'),
  afterwards: z.enum(['run', 'stay']).default('run'),
})

/** A recipe for DFU devices that are no Particle boards; a device belongs to the first of `devices` that names it. */
export const dfuRecipeSchema = z.strictObject({
  ...common,
  devices: z.array(dfuTargetSchema).min(1).max(32),
  force: z.boolean().default(false),
})

export const recipeSchema = z.union([particleRecipeSchema, dfuRecipeSchema])

export type ParticleRecipe = z.infer<typeof particleRecipeSchema>
export type DfuRecipe = z.infer<typeof dfuRecipeSchema>
export type DfuRecipeDevice = z.infer<typeof dfuTargetSchema>
export type Recipe = ParticleRecipe | DfuRecipe
/** What a recipe has done with a board: see `job` above. */
export type JobKind = Recipe['job']
export type VerifyPolicy = ParticleRecipe['verify']

export function targetDeviceOs(recipe: ParticleRecipe, name: PlatformName): string | 'keep' | null {
  if (typeof recipe.deviceOs === 'string') return recipe.deviceOs
  return recipe.deviceOs[name] ?? null
}
