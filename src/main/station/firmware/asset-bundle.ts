// Checks an application bundle: one application, every asset it names present with the hash it names, and environment
// variables in a form that Device OS takes. Assets the application does not name are left out.
import { z } from 'zod'
import { baseOf } from './file-tree.ts'
import type { BundleFiles } from './group-files.ts'
import type { BundleAsset } from './library-model.ts'
import { maxManifestBytes } from './limits.ts'
import type { BoardModule } from './module-facts.ts'
import { sha256Of } from './module-suffix.ts'
import type { Refuse } from './refusal.ts'

export interface BundleContent {
  readonly assets: readonly (BundleAsset & { readonly bytes: Uint8Array })[]
  readonly env: Readonly<Record<string, string>> | null
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
  return { assets, env: files.env === null ? null : parseEnv(await files.env.read(), refuse) }
}

function parseEnv(bytes: Uint8Array, refuse: Refuse): Readonly<Record<string, string>> {
  if (bytes.length > maxEnvBytes)
    refuse('BAD_MANIFEST', `env.json has ${bytes.length} bytes; ${maxEnvBytes} is the most`)
  const parsed = envSchema.safeParse(parseJson(bytes, 'env.json', refuse))
  if (!parsed.success) return refuse('BAD_MANIFEST', 'env.json is not an object of variables with text values')
  if (Object.keys(parsed.data).length > maxVariables)
    refuse('BAD_MANIFEST', `env.json has more than ${maxVariables} variables`)
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
