// What the command line needs of a data folder to take and make packs, without a station that runs on it.
import { openLibrary } from '../station/firmware/library.ts'
import type { Log } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import { openDataFolder } from './data-folder.ts'
import type { DeskOptions } from './desk.ts'
import type { ExportGround } from './export-pack.ts'
import { openPackKeys } from './pack-keys.ts'
import { openPackShelf } from './pack-shelf.ts'
import { openRecipeShelf } from './recipe-shelf.ts'
import { openSettings } from './settings-file.ts'
import type { PackGround } from './take-pack.ts'

export type CommandGround = PackGround & ExportGround

/** `simulation`: as a run with these options would have it, which decides what an untrusted pack is good for. */
export async function openPackGround(
  dataFolder: string,
  options: Pick<DeskOptions, 'simulation'>,
  log: Log,
): Promise<CommandGround> {
  const folder = openDataFolder(dataFolder)
  const settings = openSettings(folder.settings, log)
  const clock = systemClock
  return {
    ...{ folder, settings, clock, log, options },
    packs: openPackShelf(folder.packs, log),
    keys: openPackKeys({ file: folder.signingKey, settings, clock, log }),
    library: await openLibrary(folder.library, { clock }),
    recipes: openRecipeShelf(folder.recipes, log),
  }
}
