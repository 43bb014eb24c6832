// Where a station keeps its state: one folder, everything in it, nothing outside.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { quirkFileName } from '../station/devices/known-quirks.ts'

export interface DataFolder {
  readonly root: string
  readonly ledger: string
  readonly library: string
  readonly recipes: string
  readonly settings: string
  /** How DFU devices depart from the standard, as the user of this station wrote it. */
  readonly quirks: string
  /** Packs that were taken. */
  readonly packs: string
  /** Files that were made for somebody: packs. */
  readonly exports: string
  readonly signingKey: string
  readonly issuedPacks: string
}

/** The names in a data folder; touches no disk. */
export function dataFolderAt(root: string): DataFolder {
  const at = resolve(root)
  return {
    root: at,
    ledger: join(at, 'ledger.sqlite'),
    library: join(at, 'firmware'),
    recipes: join(at, 'recipes'),
    settings: join(at, 'settings.json'),
    quirks: join(at, quirkFileName),
    packs: join(at, 'packs'),
    exports: join(at, 'exports'),
    signingKey: join(at, 'signing-key.pem'),
    issuedPacks: join(at, 'issued-packs.json'),
  }
}

/** Makes the folders that are missing. Throws LEDGER_UNWRITABLE where that cannot be. */
export function openDataFolder(root: string): DataFolder {
  const folder = dataFolderAt(root)
  try {
    mkdirSync(folder.library, { recursive: true })
    mkdirSync(folder.recipes, { recursive: true })
    mkdirSync(folder.packs, { recursive: true })
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('LEDGER_UNWRITABLE', `${folder.root}: no data folder can be made here (${why})`, { cause: thrown })
  }
  return folder
}

/** The path of a file that was made for somebody, by its name; null where there is none of that name. */
export function madeFile({ exports }: DataFolder, name: string): string | null {
  const names = existsSync(exports) ? readdirSync(exports) : []
  return names.includes(name) ? join(exports, name) : null
}

/** The per-user default of this operating system. `name` keeps the demo apart from production. */
export function defaultDataRoot(name = 'dfu-station'): string {
  const { env, platform } = process
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), name)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name)
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name)
}
