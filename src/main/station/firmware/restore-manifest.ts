// The .json that lies beside a restore zip lists the headers of every module in it. Where it is there it must agree
// with the files, entry by entry: a second witness that the zip is the one that was published.
import { z } from 'zod'
import { parseJson } from './asset-bundle.ts'
import type { ModuleFacts } from './module-facts.ts'
import type { Refuse } from './refusal.ts'

const address = z.string().regex(/^(0x)?[0-9a-fA-F]{1,8}$/)
const count = z.number().int().nonnegative()

/** Release manifests spell functions and flags out; only numbers are compared. */
const numberOrWords = z.union([count, z.string(), z.array(z.string())])

/** The headers of one module as binary-version-reader prints them. */
export const manifestEntrySchema = z.object({
  prefixInfo: z.object({
    moduleStartAddy: address,
    moduleEndAddy: address,
    moduleFlags: numberOrWords,
    moduleVersion: count,
    platformID: count,
    moduleFunction: numberOrWords,
    moduleIndex: count,
    prefixOffset: count.optional(),
    prefixSize: count.optional(),
  }),
  suffixInfo: z.object({
    productId: z.number().int(),
    productVersion: z.number().int(),
    fwUniqueId: z.string(),
    suffixSize: count,
    crcBlock: z.string(),
  }),
})

const manifestSchema = z.record(z.string(), manifestEntrySchema)

type ManifestEntry = z.infer<typeof manifestEntrySchema>

export interface NamedFacts {
  /** Entry name without ".bin". */
  readonly name: string
  readonly facts: ModuleFacts
}

export function checkManifest(manifest: Uint8Array, files: readonly NamedFacts[], refuse: Refuse): void {
  const listed = entriesOf(manifest, refuse)
  for (const name of listed.keys()) {
    const isThere = files.some((file) => file.name === name)
    if (!isThere) refuse('MANIFEST_MISMATCH', `the .json beside it lists ${name}, which is not in the archive`)
  }
  for (const { name, facts } of files) {
    const entry = listed.get(name) ?? refuse('MANIFEST_MISMATCH', `the .json beside it does not list ${name}`)
    const field = differingField(entry, facts)
    if (field !== null) refuse('MANIFEST_MISMATCH', `${field} of ${name} is not what the .json beside it says`)
  }
}

function entriesOf(manifest: Uint8Array, refuse: Refuse): ReadonlyMap<string, ManifestEntry> {
  const parsed = manifestSchema.safeParse(parseJson(manifest, 'the .json beside it', refuse))
  if (!parsed.success) return refuse('BAD_MANIFEST', 'the .json beside it is no restore manifest')
  return new Map(Object.entries(parsed.data))
}

/** The first field in which manifest and file differ; fields that older manifests leave out are not compared. */
export function differingField(entry: ManifestEntry, facts: ModuleFacts): string | null {
  const { prefixInfo: prefix, suffixInfo: suffix } = entry
  const pairs: readonly (readonly [field: string, stated: unknown, actual: unknown])[] = [
    ['crcBlock', suffix.crcBlock.toLowerCase(), facts.crc],
    ['fwUniqueId', suffix.fwUniqueId.toLowerCase(), facts.module.suffixSha256],
    ['suffixSize', suffix.suffixSize, facts.suffixSizeBytes],
    ['productId', suffix.productId, facts.productId ?? -1],
    ['productVersion', suffix.productVersion, facts.productVersion ?? -1],
    ['moduleStartAddy', Number.parseInt(prefix.moduleStartAddy, 16), facts.module.startAddress],
    ['moduleEndAddy', Number.parseInt(prefix.moduleEndAddy, 16), facts.module.endAddress],
    ['moduleFlags', numberOr(prefix.moduleFlags, facts.flags), facts.flags],
    ['moduleVersion', prefix.moduleVersion, facts.module.version],
    ['platformID', prefix.platformID, facts.platformId],
    ['moduleFunction', numberOr(prefix.moduleFunction, facts.functionId), facts.functionId],
    ['moduleIndex', prefix.moduleIndex, facts.module.index],
    ['prefixOffset', prefix.prefixOffset ?? facts.prefixOffset, facts.prefixOffset],
    ['prefixSize', prefix.prefixSize ?? facts.prefixSizeBytes, facts.prefixSizeBytes],
  ]
  return pairs.find(([, stated, actual]) => stated !== actual)?.[0] ?? null
}

function numberOr(stated: ManifestEntry['prefixInfo']['moduleFlags'], actual: number): number {
  return typeof stated === 'number' ? stated : actual
}

/** True for the JSON value of a restore manifest: at least one entry, and every entry the headers of a module. */
export function isRestoreManifest(value: unknown): boolean {
  const parsed = manifestSchema.safeParse(value)
  return parsed.success && Object.keys(parsed.data).length > 0
}
