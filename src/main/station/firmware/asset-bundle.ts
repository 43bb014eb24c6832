// Checks an application bundle: one application, every asset it names present with the hash it names, and environment
// variables in a form that Device OS takes. Assets the application does not name are left out.
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { checkAssetsFit, type SizedAsset } from './asset-limits.ts'
import { buildAssetModule } from './build-asset-module.ts'
import { decodeVariables, encodeVariables, envAssetName, type Variables } from './env-asset.ts'
import { baseOf } from './file-tree.ts'
import type { BundleFiles } from './group-files.ts'
import type { BundleAsset } from './library-model.ts'
import { maxManifestBytes } from './limits.ts'
import type { BoardModule } from './module-facts.ts'
import { sha256Of } from './module-suffix.ts'
import type { Refuse } from './refusal.ts'

export interface BundleContent {
  readonly assets: readonly (BundleAsset & { readonly bytes: Uint8Array })[]
  readonly env: Variables | null
}

const maxVariables = 100
const maxEnvBytes = 16 * 1024
const envSchema = z.record(z.string().regex(/^[A-Z_][A-Z0-9_]{0,127}$/), z.string())

export async function readBundle(application: BoardModule, files: BundleFiles, refuse: Refuse): Promise<BundleContent> {
  const named = application.requiredAssets.map((wanted) => {
    const file = files.assets.find((candidate) => baseOf(candidate.path) === wanted.name)
    return { wanted, file: file ?? refuse('ASSET_MISSING', `the application needs the asset "${wanted.name}"`) }
  })
  const assets: BundleContent['assets'][number][] = []
  for (const { wanted, file } of named) {
    const bytes = await file.read()
    if (sha256Of(bytes) !== wanted.sha256) {
      refuse('ASSET_HASH', `the asset "${wanted.name}" is not the one the application names`)
    }
    assets.push({ ...wanted, sizeBytes: bytes.length, bytes })
  }
  const env = await readVariables(files, refuse)
  checkAssetsFit(application.platform, moduleSizes(assets, env), refuse)
  return { assets, env }
}

function moduleSizes(assets: BundleContent['assets'], env: BundleContent['env']): readonly SizedAsset[] {
  const sized = assets.map(({ name, bytes }) => ({
    name,
    moduleBytes: buildAssetModule(bytes, { name, type: 'plain' }).length,
  }))
  if (env === null) return sized
  const encoded = buildAssetModule(encodeVariables(env), { name: envAssetName, type: 'env' })
  return [...sized, { name: envAssetName, moduleBytes: encoded.length }]
}

/** The encoded form beside env.json must say the same, in whatever order. */
async function readVariables(files: BundleFiles, refuse: Refuse): Promise<Variables | null> {
  const stated = files.env === null ? null : parseEnv(await files.env.read(), refuse)
  if (files.encodedEnv === null) return stated
  const bytes = await files.encodedEnv.read()
  if (bytes.length > maxEnvBytes)
    refuse('BAD_MANIFEST', `assets/env has ${bytes.length} bytes; ${maxEnvBytes} is the most`)
  const encoded = checkVariables(decodeVariables(bytes), 'assets/env', refuse)
  if (stated !== null && !isDeepStrictEqual(stated, encoded)) {
    refuse('MANIFEST_MISMATCH', 'assets/env holds other variables than env.json')
  }
  return encoded
}

function parseEnv(bytes: Uint8Array, refuse: Refuse): Variables {
  if (bytes.length > maxEnvBytes)
    refuse('BAD_MANIFEST', `env.json has ${bytes.length} bytes; ${maxEnvBytes} is the most`)
  return checkVariables(parseJson(bytes, 'env.json', refuse), 'env.json', refuse)
}

function checkVariables(value: unknown, name: string, refuse: Refuse): Variables {
  const parsed = envSchema.safeParse(value)
  if (!parsed.success) return refuse('BAD_MANIFEST', `${name} is not an object of variables with text values`)
  if (Object.keys(parsed.data).length > maxVariables)
    refuse('BAD_MANIFEST', `${name} has more than ${maxVariables} variables`)
  return parsed.data
}

export function parseJson(bytes: Uint8Array, name: string, refuse: Refuse): unknown {
  if (bytes.length > maxManifestBytes) refuse('BAD_MANIFEST', `${name} has ${bytes.length} bytes`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (thrown) {
    return refuse('BAD_MANIFEST', `${name} is not JSON`, thrown)
  }
}
