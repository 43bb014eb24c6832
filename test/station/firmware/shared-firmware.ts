// Where the real firmware lies, if it lies anywhere: STATION_FIRMWARE, or the folder beside the repository. Tests that
// need it are skipped with the reason in their name; continuous integration may not skip them.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

export const firmwareFolder = resolve(
  process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../../shared/firmware'),
)
const isThere = existsSync(join(firmwareFolder, 'MANIFEST.json'))

export function describeWithFirmware(title: string, body: () => void): void {
  if (isThere) {
    describe(title, body)
  } else if (process.env['CI'] === 'true') {
    describe(title, () => it('has the shared firmware', () => expect.fail(`no MANIFEST.json in ${firmwareFolder}`)))
  } else {
    describe.skip(`${title} (skipped: no real firmware in ${firmwareFolder})`, body)
  }
}

export interface ListedFile {
  readonly file: string
  readonly kind: string
  readonly size: number
  readonly platformId: number
  readonly moduleFunction: number
  readonly moduleIndex: number
  readonly moduleVersion: number
  readonly flags: number
  readonly reserved: number
  readonly startAddress: string
  readonly endAddress: string
  readonly prefixOffset: number
  readonly prefixSize: number
  readonly dependency: ListedDependency | null
  readonly dependency2: ListedDependency | null
  readonly suffixSize: number
  readonly productId: number
  readonly productVersion: number
  readonly suffixSha256: string
  readonly sha256: string
  readonly sha256Covers: string
  readonly crcStored: string
  readonly extensions?: readonly { readonly where: string; readonly type: number; readonly length: number }[]
  readonly assets?: readonly { readonly name: string; readonly sha256: string }[]
}

export interface ListedDependency {
  readonly function: number
  readonly index: number
  readonly version: number
}

export interface BadFile {
  readonly file: string
  readonly reason: string
  readonly layer: string
}

export function listedFiles(): readonly ListedFile[] {
  return isThere ? readManifest<ListedFile>('MANIFEST.json') : []
}

export function badFiles(): readonly BadFile[] {
  return isThere ? readManifest<BadFile>('bad/MANIFEST.json') : []
}

export function firmwareFile(path: string): Uint8Array {
  return readFileSync(join(firmwareFolder, path))
}

function readManifest<T>(path: string): readonly T[] {
  const parsed: { files: readonly T[] } = JSON.parse(readFileSync(join(firmwareFolder, path), 'utf8'))
  return parsed.files
}
