// What a demo needs in its data folder: the synthetic firmware and a recipe for the three families. Doing it twice
// changes nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { demoDeviceOs, demoFirmware } from '../sim/synthetic/demo-firmware.ts'
import { openLibrary } from '../station/firmware/library.ts'
import { systemClock } from '../station/system-clock.ts'
import { openDataFolder } from './data-folder.ts'

export const demoRecipe: Recipe = {
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Demo: three families',
  platforms: ['photon', 'boron', 'p2'],
  deviceOs: demoDeviceOs,
  user: 'set',
  verify: 'read-back',
}

/** Imports the demo firmware into the library of this data folder. Throws when a set is refused: that is a bug. */
export async function prepareDemo(dataFolder: string): Promise<void> {
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
