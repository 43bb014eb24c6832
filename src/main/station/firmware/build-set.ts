// Makes a checked set of one group of files: parses each module, checks them together, reads the bundle, names the
// release. The result is complete in memory, so that storing it can be all or nothing.
import { createHash } from 'node:crypto'
import { deviceOsOfSystem } from '../platforms/device-os-versions.ts'
import { type BundleContent, readBundle } from './asset-bundle.ts'
import { checkSet, type SetPart } from './check-set.ts'
import { missingModules } from './completeness.ts'
import { baseOf, type FileTree } from './file-tree.ts'
import type { FileGroup } from './group-files.ts'
import type { LibraryModule, LibrarySet } from './library-model.ts'
import type { BoardModule } from './module-facts.ts'
import { sha256Of } from './module-suffix.ts'
import { type ReadModule, readModules } from './read-modules.ts'
import { type Refusal, type Refuse, refuser } from './refusal.ts'
import { checkManifestsBeside } from './release-manifest.ts'
import { checkManifest } from './restore-manifest.ts'

export interface BuiltSet {
  readonly set: Omit<LibrarySet, 'importedAt' | 'fetched'>
  /** Every file of the set by its SHA-256. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface GroupContext {
  readonly tree: Pick<FileTree, 'kind' | 'name'>
  /** The .json beside a restore zip. */
  readonly manifest: Uint8Array | null
  /** Of a HEX: the master boot record. */
  readonly bootRecord?: Uint8Array | null
  readonly onFile: (name: string) => void
}

/** Throws one Refusal for the set; modules that do not parse are all reported, as an array of Refusals. */
export async function buildSet(group: FileGroup, context: GroupContext): Promise<BuiltSet | readonly Refusal[]> {
  const source = group.folder === '' ? context.tree.name : `${context.tree.name}/${group.folder}`
  const refuse = refuser('set', source)
  if (group.bundle !== null && group.modules.length > 1) {
    refuse('DUPLICATE_MODULE', `an application bundle with ${group.modules.length} applications`)
  }
  const read = await readModules(group.modules, { ...context, source })
  if (read.refusals.length > 0) return read.refusals
  const release = await checkManifests(group, { parts: read.parts, manifest: context.manifest }, refuse)
  const checked = checkSet(read.parts.map(withModule), context.tree.kind, refuse)
  const content = group.bundle === null ? noContent : await bundleContent(read.parts, group.bundle, refuse)
  const files = new Map(read.parts.map(({ facts, bytes }) => [facts.module.sha256 as string, bytes]))
  for (const asset of content.assets) files.set(asset.sha256, asset.bytes)
  const bootRecord = context.bootRecord ?? null
  if (bootRecord !== null) files.set(sha256Of(bootRecord), bootRecord)
  const rest = { ...content, release, bootRecord: bootRecord && sha256Of(bootRecord) }
  return { set: setFrom(source, checked, rest), files }
}

/** The release that a manifest names for the system parts; null when none does. */
function checkManifests(
  group: FileGroup,
  read: { readonly parts: readonly ReadModule[]; readonly manifest: Uint8Array | null },
  refuse: Refuse,
): Promise<string | null> {
  const files = read.parts.filter(({ isFile }) => isFile)
  if (read.manifest !== null) checkManifest(read.manifest, files.map(namedFacts), refuse)
  const named = files.map((part) => namedFacts({ ...part, path: baseOf(part.path) }))
  return checkManifestsBeside(group.manifests, named, refuse)
}

const noContent: BundleContent = { assets: [], env: null }

function namedFacts({ path, facts }: ReadModule) {
  return { name: path.replace(/\.bin$/i, ''), facts }
}

function withModule({ path, facts, isFile }: ReadModule): SetPart {
  return { path, module: facts.module, isFile }
}

async function bundleContent(parts: readonly ReadModule[], files: NonNullable<FileGroup['bundle']>, refuse: Refuse) {
  const application = parts[0]?.facts.module
  if (application === undefined || application.platform === 'any' || application.kind !== 'user') {
    return refuse('NO_MODULES', 'an application bundle without an application')
  }
  return readBundle(application, files, refuse)
}

function setFrom(
  source: string,
  checked: ReturnType<typeof checkSet>,
  content: BundleContent & Pick<LibrarySet, 'bootRecord'> & { readonly release: string | null },
): BuiltSet['set'] {
  const deviceOsVersion = releaseOf(checked.modules) ?? content.release
  const named = <M extends LibraryModule>(module: M): M => ({
    ...module,
    deviceOsVersion: module.deviceOsVersion ?? deviceOsVersion,
  })
  const assets = content.assets.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes }))
  return {
    id: identityOf([...checked.modules, ...checked.others], { assets, env: content.env }),
    source,
    platform: checked.platform,
    deviceOsVersion,
    modules: checked.modules.map(named),
    others: checked.others.map(named),
    assets,
    env: content.env,
    bootRecord: content.bootRecord,
    lacks: missingModules(checked.platform, checked.modules),
  }
}

function releaseOf(modules: readonly BoardModule[]): string | null {
  const system = modules.find((module) => module.kind === 'system' || module.kind === 'mono')
  return system === undefined ? null : deviceOsOfSystem(system.version)
}

/** By its modules and assets alone, so that the same files from a folder, a zip and a HEX are one set. */
function identityOf(modules: readonly LibraryModule[], content: Pick<LibrarySet, 'assets' | 'env'>): string {
  const hashes = modules.map((module) => module.sha256).toSorted()
  const assets = content.assets.map((asset) => [asset.name, asset.sha256]).toSorted()
  const env = content.env === null ? null : Object.entries(content.env).toSorted()
  return createHash('sha256').update(JSON.stringify({ hashes, assets, env })).digest('hex')
}
