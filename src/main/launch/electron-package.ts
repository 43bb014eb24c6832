// The npm package `electron` as it lies here: where its binary is, if it was fetched, and the script that fetches it.
// The package itself downloads as soon as it is asked where it is; so it is looked at, never asked.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface ElectronPackage {
  readonly folder: string
  readonly version: string
  readonly installScript: string
}

/** Null where the package is not installed. */
export function findElectronPackage(): ElectronPackage | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('electron/package.json')
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
    const folder = dirname(manifest)
    return { folder, version, installScript: join(folder, 'install.js') }
  } catch {
    return null
  }
}

/** `overrideFolder`: a folder with a binary that the person named (ELECTRON_OVERRIDE_DIST_PATH). */
export function findBinary(from: ElectronPackage, overrideFolder: string | undefined): string | null {
  const name = readOr(join(from.folder, 'path.txt'), null)
  if (overrideFolder) return existing(join(overrideFolder, name ?? 'electron'))
  // The name is written last, and the version says whose it is: without both the fetching was cut off.
  const version = readOr(join(from.folder, 'dist', 'version'), null)?.replace(/^v/, '')
  return name !== null && version === from.version ? existing(join(from.folder, 'dist', name)) : null
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null
}

function readOr(path: string, otherwise: null): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return otherwise
  }
}
