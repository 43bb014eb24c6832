// Libraries for the line, imported as an operator would import them, and the images their files must leave on a board.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { openDataFolder } from '../../src/main/desk/data-folder.ts'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../src/main/station/firmware/library-model.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import { type Recipe, recipeSchema } from '../../src/shared/model/recipe.ts'
import { type FlashImage, imageOf } from './flash-images.ts'

export interface LineFirmware {
  readonly library: FirmwareLibrary
  /** Images of the files of one platform, as they lie on disk. */
  readonly images: Readonly<Record<'photon' | 'boron' | 'p2', readonly FlashImage[]>>
  remove(): void
}

export const demoDeviceOs = { photon: '2.3.1', boron: '4.0.2', p2: '5.6.0' } as const

/** The synthetic demo set of the three families. */
export async function demoFirmware(): Promise<LineFirmware> {
  const root = mkdtempSync(join(tmpdir(), 'line-'))
  await prepareDemo(root)
  const imagesIn = (folder: string) => imagesOf(join(root, 'demo-firmware', folder))
  return {
    library: await openLibrary(openDataFolder(root).library, { clock: systemClock }),
    images: {
      photon: imagesIn(`photon/${demoDeviceOs.photon}`),
      boron: imagesIn(`boron/${demoDeviceOs.boron}`),
      p2: imagesIn(`p2/${demoDeviceOs.p2}`),
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** An empty library that takes in these paths; throws when one is refused. */
export async function libraryOf(paths: readonly string[]): Promise<{ library: FirmwareLibrary; remove(): void }> {
  const root = mkdtempSync(join(tmpdir(), 'line-'))
  const library = await openLibrary(root, { clock: systemClock })
  const { refused } = await library.importPaths(paths)
  if (refused[0]) throw refused[0]
  return { library, remove: () => rmSync(root, { recursive: true, force: true }) }
}

export function imagesOf(folder: string): readonly FlashImage[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.bin'))
    .map((name) => imageOf(name, readFileSync(join(folder, name))))
}

/** A recipe for the three families with the demo's releases, changed as wished; taken in by the station's own rules. */
export async function resolved(library: FirmwareLibrary, changes: Partial<Recipe> = {}): Promise<ResolvedRecipe> {
  const recipe = recipeSchema.parse({
    format: 'dfu-station-recipe',
    version: 1,
    name: 'line',
    platforms: ['photon', 'boron', 'p2'],
    deviceOs: demoDeviceOs,
    user: 'set',
    verify: 'read-back',
    ...changes,
  })
  return resolveRecipe(recipe, library)
}
