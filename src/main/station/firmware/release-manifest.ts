// JSON files beside module files: the release JSON that Particle's cloud gives for `particle update`, or the manifest of a
// restore set. Either is a second witness for the files that it lists; any other JSON is none of our business.
import { z } from 'zod'
import { deviceOsOfSystem } from '../platforms/device-os-versions.ts'
import { parseJson } from './asset-bundle.ts'
import { baseOf, type TreeFile } from './file-tree.ts'
import { maxManifestBytes } from './limits.ts'
import type { Refuse } from './refusal.ts'
import {
  checkManifest,
  differingField,
  isRestoreManifest,
  manifestEntrySchema,
  type NamedFacts,
} from './restore-manifest.ts'

const releaseSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/),
  /** Module version of the system parts. */
  internal_version: z.number().int().nonnegative(),
  modules: z.array(manifestEntrySchema.extend({ filename: z.string() })).min(1),
})

type Release = z.infer<typeof releaseSchema>

/**
 * Checks every manifest among the files. Gives the release that one names for these system parts, null when none does;
 * that is how a release that is newer than the station gets its name.
 */
export async function checkManifestsBeside(
  manifests: readonly TreeFile[],
  files: readonly NamedFacts[],
  refuse: Refuse,
): Promise<string | null> {
  let named: string | null = null
  for (const file of manifests) {
    const bytes = await file.read()
    if (bytes.length > maxManifestBytes) continue
    const value = parseJson(bytes, baseOf(file.path), refuse)
    const release = releaseSchema.safeParse(value)
    if (release.success) named = checkRelease(release.data, files, refuse) ?? named
    else if (isRestoreManifest(value)) checkManifest(bytes, files, refuse)
  }
  return named
}

function checkRelease(release: Release, files: readonly NamedFacts[], refuse: Refuse): string | null {
  for (const entry of release.modules) {
    const file = files.find(({ name }) => `${name}.bin` === entry.filename)
    const field = file ? differingField(entry, file.facts) : null
    if (field !== null) refuse('MANIFEST_MISMATCH', `${field} of ${entry.filename} is not what the release JSON says`)
  }
  const listed = new Set(release.modules.map(({ filename }) => filename))
  const system = files.find(({ name, facts }) => facts.module.kind === 'system' && listed.has(`${name}.bin`))
  if (!system) return null
  const { version } = system.facts.module
  const known = deviceOsOfSystem(version)
  if (version !== release.internal_version || (known !== null && known !== release.version)) {
    const told = `${release.version} (${release.internal_version})`
    refuse('MANIFEST_MISMATCH', `the release JSON is of ${told}, the system part has version ${version}`)
  }
  return release.version
}
