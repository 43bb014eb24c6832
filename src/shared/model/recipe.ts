// The recipe: what to flash and how to prove it. A versioned JSON file that an engineer writes and a station obeys.
import { z } from 'zod'
import { type PlatformName, platformNames } from './platform.ts'

const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
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
export const recipeSchema = z.strictObject({
  format: z.literal('dfu-station-recipe'),
  version: z.literal(1),
  name: z.string().trim().min(1).max(80),
  job: z.enum(['flash', 'verify', 'identify']).default('flash'),
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
  limits: z
    .strictObject({ boards: z.int().min(1).nullable(), notAfter: z.int().nullable() })
    .nullable()
    .default(null),
  label: z.record(z.string().min(1).max(40), z.string().max(200)).default({}),
})

export type Recipe = z.infer<typeof recipeSchema>
/** What a recipe has done with a board: see `job` above. */
export type JobKind = Recipe['job']
export type VerifyPolicy = Recipe['verify']

export function targetDeviceOs(recipe: Recipe, name: PlatformName): string | 'keep' | null {
  if (typeof recipe.deviceOs === 'string') return recipe.deviceOs
  return recipe.deviceOs[name] ?? null
}
