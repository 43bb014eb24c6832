// The recipe: what to flash and how to prove it. A versioned JSON file that an engineer writes and a station obeys.
import { z } from 'zod'
import { type PlatformName, platformNames } from './platform.ts'

const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
const release = z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/, 'a Device OS version such as 4.0.2')

/**
 * deviceOs: a version for all platforms, one for each platform, or "keep" to leave Device OS alone.
 * user: "set" takes the user firmware of the Device OS set (Tinker), "keep" leaves the board's, { file } names a module
 * file beside the recipe ({ files } one for each platform), { modules } names modules of the library by SHA-256: what
 * the file forms become when a station takes a recipe in.
 * verify: "read-back" reads every written byte back over DFU and compares; "reported" relies on the CRC and hash that
 * Device OS 5.6.0 and later reports of each module.
 */
export const recipeSchema = z.strictObject({
  format: z.literal('dfu-station-recipe'),
  version: z.literal(1),
  name: z.string().trim().min(1).max(80),
  platforms: z.array(platform).min(1),
  deviceOs: z.union([z.literal('keep'), release, z.partialRecord(platform, release)]),
  user: z.union([
    z.literal('set'),
    z.literal('keep'),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ files: z.partialRecord(platform, z.string().min(1)) }),
    z.strictObject({ modules: z.partialRecord(platform, z.string().regex(/^[0-9a-f]{64}$/)) }),
  ]),
  verify: z.enum(['read-back', 'reported']).default('read-back'),
})

export type Recipe = z.infer<typeof recipeSchema>
export type VerifyPolicy = Recipe['verify']

export function targetDeviceOs(recipe: Recipe, name: PlatformName): string | 'keep' | null {
  if (typeof recipe.deviceOs === 'string') return recipe.deviceOs
  return recipe.deviceOs[name] ?? null
}
