// From content and files to the bytes of a pack, signed where there is a key.
import type { KeyObject } from 'node:crypto'
import { sha256Of } from '../firmware/module-suffix.ts'
import { manifestPath, type PackContent, signaturePath, writeManifest } from './pack-manifest.ts'
import { signBytes } from './signing.ts'
import { type StoredFile, writeStoredZip } from './stored-zip.ts'

/** The same content, files and key give the same bytes. `privateKey` null leaves the pack unsigned. */
export function writePack(
  content: PackContent,
  files: readonly StoredFile[],
  privateKey: KeyObject | null,
): Uint8Array {
  const listed = files
    .map(({ path, bytes }) => ({ path, sha256: sha256Of(bytes), sizeBytes: bytes.length }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const manifest = writeManifest({ format: 'dfu-station-pack', formatVersion: 1, ...content, files: listed })
  const signature = privateKey ? [{ path: signaturePath, bytes: signBytes(manifest, privateKey) }] : []
  return writeStoredZip([{ path: manifestPath, bytes: manifest }, ...signature, ...files])
}
