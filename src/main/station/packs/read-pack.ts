// From bytes to a pack, with all that differs from what it must be. A container that cannot be read whole is refused
// here; one that was changed is read and says so, and whoever uses it decides.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Sha256 } from '../../../shared/model/ids.ts'
import { sha256Of } from '../firmware/module-suffix.ts'
import { Refusal } from '../firmware/refusal.ts'
import { openZip, type ZipOptions } from '../firmware/zip-tree.ts'
import { maxImageBytes } from '../images/image-limits.ts'
import { manifestPath, type PackManifest, readManifest, signaturePath } from './pack-manifest.ts'
import { isSignedBy, readSignature } from './signing.ts'
import { type StoredFile, writeStoredZip } from './stored-zip.ts'

export interface SignedManifest {
  /** SHA-256 of the bytes of pack.json. */
  readonly packId: Sha256
  readonly manifest: PackManifest
  readonly manifestBytes: Uint8Array
  readonly signatureBytes: Uint8Array | null
  /** Whose key is named, whether or not the signature holds; null where nobody signed. */
  readonly publicKey: string | null
  /** What differs from what it must be, one sentence each; empty for a pack that is as it was made. */
  readonly changes: readonly string[]
}

export interface ReadPack extends SignedManifest {
  /** Everything but pack.json and its signature. */
  readonly files: readonly StoredFile[]
}

/** Throws PACK_UNREADABLE; rejects with the reason of the signal when aborted. */
export async function readPack(bytes: Uint8Array, options: ZipOptions): Promise<ReadPack> {
  const all = await unpack(bytes, options)
  const of = (path: string) => all.find((file) => file.path === path)?.bytes ?? null
  const manifestBytes = of(manifestPath)
  if (!manifestBytes) throw new Fault('PACK_UNREADABLE', `${options.name}: it has no ${manifestPath}`)
  const signed = readSigned(manifestBytes, of(signaturePath), options.name)
  const files = all.filter(({ path }) => path !== manifestPath && path !== signaturePath)
  const isInForm = Buffer.compare(writeStoredZip(all), bytes) === 0
  const form = isInForm ? [] : ['the container has another form than the one a pack has']
  return { ...signed, files, changes: [...signed.changes, ...differences(signed.manifest, files), ...form] }
}

/** pack.json with its signature, apart from the files. Throws PACK_UNREADABLE. */
export function readSigned(manifestBytes: Uint8Array, signatureBytes: Uint8Array | null, file: string): SignedManifest {
  const manifest = readManifest(manifestBytes, file)
  const base = { packId: sha256Of(manifestBytes), manifest, manifestBytes, signatureBytes }
  if (!signatureBytes) return { ...base, publicKey: null, changes: [] }
  const signature = readSignature(signatureBytes)
  if (!signature) return { ...base, publicKey: null, changes: [`${signaturePath} is not a signature`] }
  const isGood = isSignedBy(manifestBytes, signature)
  const changes = isGood ? [] : [`the signature is not over this ${manifestPath}`]
  return { ...base, publicKey: signature.publicKey, changes }
}

async function unpack(bytes: Uint8Array, options: ZipOptions): Promise<readonly StoredFile[]> {
  try {
    // Modules keep to their own limit, which the importer sees to; images may be larger.
    const tree = await openZip(bytes, { ...options, maxEntryBytes: maxImageBytes })
    const files: StoredFile[] = []
    for (const { path, read } of tree.files) files.push({ path, bytes: await read() })
    return files
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    throw new Fault('PACK_UNREADABLE', `${options.name}: ${thrown.what} [${thrown.reason}]`, { cause: thrown })
  }
}

function differences({ files: stated }: PackManifest, files: readonly StoredFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file.bytes]))
  const changed = stated.flatMap(({ path, sha256, sizeBytes }) => {
    const bytes = byPath.get(path)
    if (!bytes) return [`${path} is missing`]
    return bytes.length === sizeBytes && sha256Of(bytes) === sha256 ? [] : [`${path} is not the file that was packed`]
  })
  const known = new Set(stated.map(({ path }) => path))
  const added = files.filter(({ path }) => !known.has(path)).map(({ path }) => `${path} was added`)
  return [...changed, ...added]
}
