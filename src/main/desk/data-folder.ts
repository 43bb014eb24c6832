// Where a station keeps its state: one folder, everything in it, nothing outside.
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DataFolder {
  readonly root: string
  readonly ledger: string
  readonly library: string
  readonly recipes: string
  readonly settings: string
}

/** Makes the folders that are missing. */
export function openDataFolder(root: string): DataFolder {
  const at = resolve(root)
  const folder: DataFolder = {
    root: at,
    ledger: join(at, 'ledger.sqlite'),
    library: join(at, 'firmware'),
    recipes: join(at, 'recipes'),
    settings: join(at, 'settings.json'),
  }
  mkdirSync(folder.library, { recursive: true })
  mkdirSync(folder.recipes, { recursive: true })
  return folder
}

/** The per-user default of this operating system. `name` keeps the demo apart from production. */
export function defaultDataRoot(name = 'dfu-station'): string {
  const { env, platform } = process
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), name)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name)
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name)
}
