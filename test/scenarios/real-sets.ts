// The real firmware that scenarios flash: one set for each family, as an operator imports it, and the images its files
// must leave on a board, read from the files alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rememberedShelf } from '../../src/main/host/remembered-shelf.ts'
import type { FirmwareShelf } from '../../src/main/station/ports.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import { imagesOf, libraryOf, resolved } from '../line/firmware.ts'
import { type FlashImage, imageOf } from '../line/flash-images.ts'
import { firmwareFolder } from '../sim/boot/real-firmware.ts'

export interface RealSet {
  /** Device OS on the boards before, and after. */
  readonly from: string
  readonly to: string
  /** What an operator imports: a folder or a zip. */
  readonly source: string
  readonly images: () => readonly FlashImage[]
}

const inFolder = (path: string): readonly FlashImage[] => imagesOf(join(firmwareFolder, path))
const single = (path: string): FlashImage => imageOf(path, readFileSync(join(firmwareFolder, path)))
const p2Files = [
  'p2/5.6.0/bootloader.bin',
  'p2/5.6.0/prebootloader-part1.synthetic.bin',
  'p2/5.6.0/system-part1.synthetic.bin',
  'p2/5.3.1/tinker.bin',
]

/** One platform of each chip family. */
export const families = ['boron', 'photon', 'p2'] as const
export type Family = (typeof families)[number]

export const realSets: Readonly<Record<Family, RealSet>> = {
  boron: { from: '2.0.1', to: '4.0.2', source: 'boron/4.0.2', images: () => inFolder('boron/4.0.2') },
  photon: { from: '2.0.1', to: '2.3.1', source: 'photon/2.3.1', images: () => inFolder('photon/2.3.1') },
  p2: { from: '5.0.0', to: '5.6.0', source: 'restore/5.6.0/p2.zip', images: () => p2Files.map(single) },
}

export interface RealFirmware {
  /** As the USB process reads it: each file once. */
  readonly shelf: FirmwareShelf
  readonly recipe: ResolvedRecipe
  /** The shortest job: Device OS stays as it is, the user firmware of the set is written. */
  readonly userOnly: ResolvedRecipe
  readonly images: Readonly<Record<Family, readonly FlashImage[]>>
  remove(): void
}

/** The recipe of all scenarios, as an operator's file says it. */
export const recipeFields: Partial<Recipe> = {
  name: 'Scenarios',
  deviceOs: { boron: realSets.boron.to, photon: realSets.photon.to, p2: realSets.p2.to },
}

export function sourcePaths(): readonly string[] {
  return families.map((platform) => join(firmwareFolder, realSets[platform].source))
}

/** The three sets in a library of their own, which dies with the test. */
export async function openRealFirmware(): Promise<RealFirmware> {
  const { library, remove } = await libraryOf(sourcePaths())
  const recipe = await resolved(library, recipeFields)
  const users = families.map(async (platform) => {
    const set = await library.findSet(platform, realSets[platform].to)
    return [platform, set?.user?.sha256 ?? 'none'] as const
  })
  const user = { modules: Object.fromEntries(await Promise.all(users)) }
  const userOnly = await resolved(library, { name: 'User firmware', deviceOs: 'keep', user })
  const images = { boron: realSets.boron.images(), photon: realSets.photon.images(), p2: realSets.p2.images() }
  return { shelf: rememberedShelf(library), recipe, userOnly, images, remove }
}

/**
 * The step of the second read on a board found in DFU mode: each bootloader is read up to its first difference, and a P2
 * has two.
 */
export const secondRead = { step: 'Write', stepOf: { p2: 'Verify bootloader' } } as const
