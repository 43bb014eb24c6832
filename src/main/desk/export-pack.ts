// A recipe of this station as a signed pack, for every other station.

import type { KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { packNameSchema } from '../../shared/model/pack-name.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { softwareVersion } from '../software-version.ts'
import { setsOfFiles } from '../station/packs/pack-sets.ts'
import { writePack } from '../station/packs/write-pack.ts'
import { readIssued } from './issued-packs.ts'
import { packFiles, provePackFiles } from './pack-contents.ts'
import { type OriginState, resolveOnStation } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'
import { writeAtomically } from './write-atomically.ts'

export type ExportGround = OriginState & Pick<StationState, 'clock' | 'log' | 'folder'>

export interface PackWishes {
  /** Absent: the name of the recipe. */
  readonly name?: string | undefined
  /** Absent: one above the highest that is known here. */
  readonly version?: number | undefined
  readonly author: string
  /** null leaves the pack unsigned. */
  readonly privateKey: KeyObject | null
}

export interface MadePack {
  readonly name: string
  readonly version: number
  readonly bytes: Uint8Array
}

/** Throws RECIPE_LOCKED, the fault of a platform, or PACK_UNREADABLE. */
export async function makePack(ground: ExportGround, recipe: Recipe, wishes: PackWishes): Promise<MadePack> {
  const { resolved, origin } = await resolveOnStation(ground, recipe)
  if (ground.settings.current().onlySignedPacks && origin.pack?.standing !== 'trusted') {
    throw new Fault('RECIPE_LOCKED', `${recipe.name}: this station signs no recipe of its own while it is locked`)
  }
  const name = packName(wishes.name ?? recipe.name)
  const version = wishes.version ?? nextVersion(ground, name)
  const plain = { ...resolved, recipe }
  const files = await packFiles(plain, ground.library)
  if (files.length > 0) await provePackFiles(plain, files, { root: ground.folder.root, clock: ground.clock })
  const content = {
    ...{ name, version, author: wishes.author, recipe },
    created: new Date(ground.clock.now()).toISOString(),
    madeBy: `dfu-station ${softwareVersion}`,
    sets: isDfuRecipe(recipe) ? [] : [...(await setsOfFiles(files, name))],
    targets: resolved.targets.map(({ platform, modules, assets }) => ({
      platform,
      modules: modules.map(({ sha256 }) => sha256),
      assets: assets.map(({ sha256 }) => sha256),
    })),
  }
  return { name, version, bytes: writePack(content, files, wishes.privateKey) }
}

/** Into a folder, in place of an older one of this name; the path. */
export function writePackFile(folder: string, { name, bytes }: MadePack): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.dfupack`)
  writeAtomically(path, bytes)
  return path
}

/** A recipe may be called what no file can be. */
function packName(text: string): string {
  const parsed = packNameSchema.safeParse(text.replaceAll(/[<>:"/\\|?*]/g, '-').replace(/\.+$/, ''))
  if (parsed.success) return parsed.data
  throw new Fault('CALL_REJECTED', `${text}: cannot be the name of a pack (${parsed.error.issues[0]?.message})`)
}

function nextVersion({ packs, folder, log }: ExportGround, name: string): number {
  const taken = packs.list().filter(({ note }) => note.name === name)
  const issued = readIssued(folder.issuedPacks, log)[name] ?? 0
  return Math.max(issued, ...taken.map(({ note }) => note.version)) + 1
}
