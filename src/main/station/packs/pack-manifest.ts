// pack.json: what a pack says of itself. It names every other file by its hash, so one signature over its exact bytes
// covers the whole pack.
import { z } from 'zod'
import { Fault } from '../../../shared/fault/fault.ts'
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import { packNameSchema, packVersionSchema } from '../../../shared/model/pack-name.ts'
import { type PlatformName, platformNames } from '../../../shared/model/platform.ts'
import { recipeSchema } from '../../../shared/model/recipe.ts'
import { checkEntryName } from '../firmware/zip-names.ts'

export const manifestPath = 'pack.json'
export const signaturePath = 'pack.sig'

/** pack.json of a pack with every platform of a release is a few tens of KiB. */
const maxManifestBytes = 1024 * 1024

const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
const sha256 = z.string().transform((text, context): Sha256 => {
  const parsed = /^[0-9a-f]{64}$/.test(text) ? parseSha256(text) : null
  if (parsed === null) context.addIssue('not a SHA-256')
  return parsed ?? z.NEVER
})

/**
 * name: the same for all issues of one pack; version: rises with each. recipe: user firmware by hash. files: everything
 * but pack.json and pack.sig. sets: IDs that the library gives to the firmware in it. targets: what the recipe takes of
 * it for each platform: modules by the SHA-256 of their files, assets by that of what the board gets.
 */
const manifestSchema = z.strictObject({
  format: z.literal('dfu-station-pack'),
  formatVersion: z.literal(1),
  name: packNameSchema,
  version: packVersionSchema,
  author: z.string().max(60),
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  madeBy: z.string().max(60),
  recipe: recipeSchema,
  files: z.array(z.strictObject({ path: z.string().max(200), sha256, sizeBytes: z.int().min(0) })).max(2000),
  sets: z.array(sha256).max(200),
  targets: z.array(z.strictObject({ platform, modules: z.array(sha256), assets: z.array(sha256) })).max(100),
})
export type PackManifest = z.infer<typeof manifestSchema>

export type PackContent = Omit<PackManifest, 'format' | 'formatVersion' | 'files'>

/** Fields in a fixed order, objects with their keys in order: the same content gives the same bytes. */
export function writeManifest(manifest: PackManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(inOrder(manifest), null, 2)}\n`)
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]))
}

/** Throws PACK_UNREADABLE naming `file` and what is wrong. */
export function readManifest(bytes: Uint8Array, file: string): PackManifest {
  const refuse = (what: string, cause?: unknown): never => {
    throw new Fault('PACK_UNREADABLE', `${file}: ${what}`, { cause })
  }
  if (bytes.length > maxManifestBytes) refuse(`${manifestPath} has ${bytes.length} bytes`)
  const parsed = manifestSchema.safeParse(parseJson(bytes, refuse))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return refuse(`${manifestPath}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`)
  }
  for (const { path } of parsed.data.files) checkEntryName(path, (_, what) => refuse(`${manifestPath}: ${what}`))
  const paths = parsed.data.files.map(({ path }) => path.toLowerCase())
  if (new Set(paths).size < paths.length) refuse(`${manifestPath} names a file twice`)
  return parsed.data
}

function parseJson(bytes: Uint8Array, refuse: (what: string, cause: unknown) => never): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (thrown) {
    return refuse(`${manifestPath} is not JSON`, thrown)
  }
}
