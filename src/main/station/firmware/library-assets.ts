// The assets of the library: which of them an application needs, whether a platform can store them all, and each as the
// asset module that travels to a board. Raw assets come from application bundles or out of asset module files.
import { Fault } from '../../../shared/fault/fault.ts'
import type { TargetAsset } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { checkAssetsFit } from './asset-limits.ts'
import { buildAssetModule } from './build-asset-module.ts'
import { encodeVariables, envAssetName, type Variables } from './env-asset.ts'
import type { LibrarySet } from './library-model.ts'
import type { AssetModule, BoardModule, RequiredAsset } from './module-facts.ts'
import { sha256Of } from './module-suffix.ts'
import { inspectModule } from './parse-module.ts'
import { refuser } from './refusal.ts'

export interface AssetSource {
  readonly sets: readonly LibrarySet[]
  /** The file of that SHA-256; null when it is not there. Its content is not checked. */
  readonly readFile: (sha256: string) => Promise<Uint8Array | null>
}

/**
 * The assets that the application names, in its order, then the environment variables of its bundle.
 * FIRMWARE_MISSING when the library lacks one, or when its bundles disagree about the variables; FIRMWARE_REFUSED when
 * the platform cannot store them.
 */
export async function assetsOf(application: BoardModule, source: AssetSource): Promise<readonly TargetAsset[]> {
  const found: { readonly asset: TargetAsset; readonly moduleBytes: number }[] = []
  for (const wanted of application.requiredAssets) {
    const raw = await rawAsset(wanted, source)
    if (raw === null) {
      const need = `${application.source} needs the asset "${wanted.name}" (${wanted.sha256})`
      throw new Fault('FIRMWARE_MISSING', `${need}, which is not in the library: import the bundle of the application`)
    }
    found.push(measured(raw, { name: wanted.name, type: 'plain' }))
  }
  const variables = variablesOf(application, source.sets)
  if (variables) found.push(measured(encodeVariables(variables), { name: envAssetName, type: 'env' }))
  checkFit(application.platform, found, application.source)
  return found.map(({ asset }) => asset)
}

function measured(raw: Uint8Array, named: Pick<TargetAsset, 'name' | 'type'>) {
  const asset: TargetAsset = { ...named, sha256: sha256Of(raw), sizeBytes: raw.length }
  return { asset, moduleBytes: buildAssetModule(raw, named).length }
}

function checkFit(
  platform: PlatformName,
  found: readonly { readonly asset: TargetAsset; readonly moduleBytes: number }[],
  source: string,
): void {
  const sized = found.map(({ asset, moduleBytes }) => ({ name: asset.name, moduleBytes }))
  checkAssetsFit(platform, sized, refuser('set', source))
}

/** FIRMWARE_MISSING when no set holds the asset, FIRMWARE_CORRUPT when its file is damaged. */
export async function assetModuleOf(asset: TargetAsset, source: AssetSource): Promise<Uint8Array> {
  return buildAssetModule(await rawAssetOf(asset, source), asset)
}

/** Likewise, and not wrapped: environment variables as they are encoded for the board. */
export async function rawAssetOf(asset: TargetAsset, source: AssetSource): Promise<Uint8Array> {
  const raw = asset.type === 'env' ? rawVariables(asset, source.sets) : await rawAsset(asset, source)
  if (raw === null) {
    throw new Fault('FIRMWARE_MISSING', `the asset "${asset.name}" (${asset.sha256}) is not in the library any more`)
  }
  return raw
}

/** Variables belong to a bundle, and a recipe names only its application: two bundles must not mean two things by it. */
function variablesOf(application: BoardModule, sets: readonly LibrarySet[]): Variables | null {
  const bundles = sets.filter(
    (set) => set.env !== null && set.modules.some((module) => module.sha256 === application.sha256),
  )
  const distinct = new Map(bundles.map((set) => [sha256Of(encodeVariables(set.env ?? {})), set]))
  if (distinct.size > 1) {
    const names = [...distinct.values()].map((set) => set.source).join(' and ')
    throw new Fault('FIRMWARE_MISSING', `${names} give the same application other variables: remove one of them`)
  }
  const [only] = distinct.values()
  return only?.env ?? null
}

function rawVariables(asset: TargetAsset, sets: readonly LibrarySet[]): Uint8Array | null {
  for (const { env } of sets) {
    const encoded = env === null ? null : encodeVariables(env)
    if (encoded !== null && sha256Of(encoded) === asset.sha256) return encoded
  }
  return null
}

async function rawAsset(wanted: RequiredAsset, source: AssetSource): Promise<Uint8Array | null> {
  if (source.sets.some((set) => set.assets.some((asset) => asset.sha256 === wanted.sha256))) {
    return checked(await source.readFile(wanted.sha256), wanted)
  }
  const modules = source.sets.flatMap((set) => set.others).filter((module) => module.platform === 'any')
  const holder = modules.find((module) => module.assetSha256 === wanted.sha256)
  return holder === undefined ? null : unwrapped(holder, wanted, source)
}

async function unwrapped(holder: AssetModule, wanted: RequiredAsset, source: AssetSource): Promise<Uint8Array | null> {
  const file = checked(await source.readFile(holder.sha256), { name: holder.source, sha256: holder.sha256 })
  return file === null ? null : checked(inspectModule(file, { source: holder.source }).unpacked, wanted)
}

function checked(bytes: Uint8Array | null, stated: RequiredAsset): Uint8Array | null {
  if (bytes === null) return null
  const actual = sha256Of(bytes)
  if (actual === stated.sha256) return bytes
  throw new Fault('FIRMWARE_CORRUPT', `${stated.name} (${stated.sha256}) now has SHA-256 ${actual}`)
}
