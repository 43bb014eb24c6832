// What a demo needs in its data folder: the synthetic firmware and a recipe for the three families. Doing it twice
// changes nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { plainFlash } from '../../shared/model/plain-flash.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { parseBench } from '../sim/bench-spec.ts'
import { demoDeviceOs, demoFirmware } from '../sim/synthetic/demo-firmware.ts'
import { openLibrary } from '../station/firmware/library.ts'
import type { Log } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import { openDataFolder } from './data-folder.ts'
import type { DeskOptions } from './desk.ts'
import { openRecipeShelf } from './recipe-shelf.ts'
import { openSettings } from './settings-file.ts'

export const demoRecipe: Recipe = {
  ...plainFlash,
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Demo: three families',
  platforms: ['photon', 'boron', 'p2'],
  deviceOs: demoDeviceOs,
  user: 'set',
  verify: 'read-back',
}

/** Puts the demo firmware into the library and chooses the demo recipe. Throws when a set is refused: that is a bug. */
export async function prepareDemo(dataFolder: string, log: Log): Promise<void> {
  const folder = openDataFolder(dataFolder)
  const source = join(folder.root, 'demo-firmware')
  for (const { path, bytes } of demoFirmware()) {
    const file = join(source, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  const library = await openLibrary(folder.library, { clock: systemClock })
  const { refused } = await library.importPaths([source])
  if (refused[0]) throw new Fault('INTERNAL', `the demo firmware was refused: ${refused[0].detail}`)
  const recipeId = openRecipeShelf(folder.recipes, log).save(demoRecipe)
  openSettings(folder.settings, log).change({ recipeId, autoStart: true })
}

/** Slow enough to watch: a quarter of the time of real flash. */
export const watchableSpeed = 4
/** Long enough to read a verdict from where one stands. */
const holdMs = 6_000
const leastSlots = 8

/** A demo on a screen: boards arrive, carry their verdict for a while, and the next ones come. */
export function demoRun(boards: string, speed: number): Pick<DeskOptions, 'simulation' | 'slotCount'> {
  return {
    simulation: { boards, speed, operator: { boardsInAll: 0, holdMs } },
    slotCount: Math.max(parseBench(boards).length, leastSlots),
  }
}

/** So many boards of the three families, half of them cellular: "boron:4,photon:2,p2:2". */
export function demoBoards(count: number): string {
  const photons = Math.floor(count / 4)
  const p2s = Math.floor((count - photons) / 3)
  const borons = count - photons - p2s
  return Object.entries({ boron: borons, photon: photons, p2: p2s })
    .filter(([, boards]) => boards > 0)
    .map(([platform, boards]) => `${platform}:${boards}`)
    .join(',')
}
