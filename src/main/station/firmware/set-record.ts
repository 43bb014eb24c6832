// The index record of a set as it lies on disk: one JSON file for each set, parsed strictly, so that a damaged or
// foreign file is noticed and never half believed.
import { z } from 'zod'
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import { type PlatformName, platformNames } from '../../../shared/model/platform.ts'
import type { LibrarySet } from './library-model.ts'
import type { AssetModule, BoardModule } from './module-facts.ts'

const format = 'dfu-station-firmware-set'
const version = 1

const sha256 = z.string().transform((text, context): Sha256 => {
  const parsed = parseSha256(text)
  if (parsed === null) context.addIssue('not a SHA-256')
  return parsed ?? z.NEVER
})
const count = z.number().int().nonnegative()
const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
const kind = z.enum(['bootloader', 'mono', 'system', 'user', 'ncp', 'radio', 'asset'])
const dependency = z.strictObject({ kind, index: count, version: count })
const requiredAsset = z.strictObject({ name: z.string(), sha256 })

const moduleFields = {
  index: count,
  version: count,
  deviceOsVersion: z.string().nullable(),
  startAddress: count,
  endAddress: count,
  sizeBytes: count,
  sha256,
  suffixSha256: sha256,
  dropsHeader: z.boolean(),
  isCompressed: z.boolean(),
  isCombined: z.boolean(),
  isSynthetic: z.boolean(),
  dependencies: z.array(dependency),
  source: z.string(),
}

const boardModule = z.strictObject({
  ...moduleFields,
  platform,
  kind,
  requiredAssets: z.array(requiredAsset),
  locksBoard: z.boolean(),
}) satisfies z.ZodType<BoardModule>

const assetModule = z.strictObject({
  ...moduleFields,
  platform: z.literal('any'),
  kind: z.literal('asset'),
  assetName: z.string(),
  assetSha256: sha256,
}) satisfies z.ZodType<AssetModule>

const librarySet = z.strictObject({
  id: sha256,
  source: z.string(),
  importedAt: count,
  platform: platform.nullable(),
  deviceOsVersion: z.string().nullable(),
  modules: z.array(boardModule),
  others: z.array(z.union([boardModule, assetModule])),
  assets: z.array(z.strictObject({ name: z.string(), sha256, sizeBytes: count })),
  env: z.record(z.string(), z.string()).nullable(),
  bootRecord: sha256.nullable().default(null),
  fetched: z.strictObject({ url: z.string(), sha256 }).nullable().default(null),
  lacks: z.array(z.strictObject({ kind, index: count, version: count.nullable(), wantedBy: z.string() })),
}) satisfies z.ZodType<LibrarySet>

const recordSchema = z.strictObject({ format: z.literal(format), version: z.literal(version), set: librarySet })

export function setRecord(set: LibrarySet): string {
  return `${JSON.stringify({ format, version, set }, null, 1)}\n`
}

/** Null when the text is no whole record of this version. */
export function parseSetRecord(text: string): LibrarySet | null {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.set : null
  } catch {
    // Not JSON at all: damaged like any other text that does not parse.
    return null
  }
}

/** Names of all library files that a set needs. */
export function filesOf(set: LibrarySet): readonly string[] {
  const files = [...set.modules, ...set.others, ...set.assets].map((file) => file.sha256)
  return set.bootRecord === null ? files : [...files, set.bootRecord]
}
