// Libraries for the line, imported as an operator would import them, and the images their files must leave on a board.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { demoDeviceOs, demoFirmware } from '../../src/main/sim/synthetic/demo-firmware.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../src/main/station/firmware/library-model.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import { type Recipe, recipeSchema } from '../../src/shared/model/recipe.ts'
import { type FlashImage, imageOf } from './flash-images.ts'

/** A library that dies with the test file. */
export interface LineLibrary {
  readonly library: FirmwareLibrary
  remove(): void
}

export interface DemoLibrary extends LineLibrary {
  /** Images of the files of one platform, as they lie on disk. */
  readonly images: Readonly<Record<keyof typeof demoDeviceOs, readonly FlashImage[]>>
}

export type DemoPlatform = keyof typeof demoDeviceOs

/** The platform of a board that the demo's sets are for; throws for any other. */
export function demoPlatformOf(board: SimulatedBoard): DemoPlatform {
  const { platform } = board.facts()
  if (!(platform in demoDeviceOs)) throw new Error(`${platform}: the demo has no set`)
  return platform as DemoPlatform
}

/** The synthetic releases that the demo flashes, one for each family. */
export function demoLibrary(): Promise<DemoLibrary> {
  return setsLibrary(demoDeviceOs, demoFirmware())
}

/** Releases that report the hash of each module; there is none for the Photon, whose set is the demo's. */
export const reportingDeviceOs = { ...demoDeviceOs, boron: '6.2.1' }

export function reportingLibrary(): Promise<DemoLibrary> {
  const boron = releaseModules('boron', reportingDeviceOs.boron, 'line').map(({ file, spec }) => ({
    path: `boron/${reportingDeviceOs.boron}/${file}`,
    bytes: buildModule(spec),
  }))
  return setsLibrary(reportingDeviceOs, [...demoFirmware(), ...boron])
}

async function setsLibrary(
  deviceOs: Readonly<Record<keyof typeof demoDeviceOs, string>>,
  files: ReturnType<typeof demoFirmware>,
): Promise<DemoLibrary> {
  const root = mkdtempSync(join(tmpdir(), 'line-demo-'))
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytes)
  }
  const { library, remove } = await libraryOf([root])
  const imagesIn = (platform: keyof typeof demoDeviceOs) => imagesOf(join(root, platform, deviceOs[platform]))
  const images = { photon: imagesIn('photon'), boron: imagesIn('boron'), p2: imagesIn('p2') }
  rmSync(root, { recursive: true })
  return { library, images, remove }
}

export interface RestoreLibrary extends LineLibrary {
  /** What a release leaves in the flash of the chip; the firmware of a network processor lies elsewhere. */
  images(deviceOs: string): readonly FlashImage[]
}

/** Synthetic releases of one platform, as a restore set has them. */
export async function restoreLibrary(platform: PlatformName, releases: readonly string[]): Promise<RestoreLibrary> {
  const root = mkdtempSync(join(tmpdir(), 'line-restore-'))
  const images = new Map<string, readonly FlashImage[]>()
  for (const deviceOs of releases) {
    mkdirSync(join(root, deviceOs))
    const built = releaseModules(platform, deviceOs, 'line').map(({ file, spec }) => ({
      ...{ file, spec, bytes: buildModule(spec) },
    }))
    for (const { file, bytes } of built) writeFileSync(join(root, deviceOs, file), bytes)
    const inFlash = built.filter(({ spec }) => spec.kind !== 'ncp')
    images.set(
      deviceOs,
      inFlash.map(({ file, bytes }) => imageOf(file, bytes)),
    )
  }
  const { library, remove } = await libraryOf([root])
  rmSync(root, { recursive: true })
  return { library, remove, images: (deviceOs) => images.get(deviceOs) ?? [] }
}

/** One synthetic release in which some files are other builds of the same version, or are left out. */
export async function releaseLibrary(
  platform: keyof typeof demoDeviceOs,
  deviceOs: string,
  changes: { readonly otherBuild?: readonly string[]; readonly without?: readonly string[] },
): Promise<LineLibrary> {
  const root = mkdtempSync(join(tmpdir(), 'line-release-'))
  for (const { file, spec } of releaseModules(platform, deviceOs, 'line')) {
    if (changes.without?.includes(file)) continue
    const built = changes.otherBuild?.includes(file) ? { ...spec, seed: 'another build' } : spec
    writeFileSync(join(root, file), buildModule(built))
  }
  const made = await libraryOf([root])
  rmSync(root, { recursive: true })
  return made
}

/** Other builds of every module of a release, the demo's by default: same versions, other bytes. */
export function otherBuildImages(
  platform: keyof typeof demoDeviceOs,
  deviceOs: string = demoDeviceOs[platform],
): readonly FlashImage[] {
  return releaseModules(platform, deviceOs, 'line').map(({ file, spec }) =>
    imageOf(file, buildModule({ ...spec, seed: 'another build' })),
  )
}

/** An empty library that takes in these paths; throws when one is refused. */
export async function libraryOf(paths: readonly string[]): Promise<LineLibrary> {
  const root = mkdtempSync(join(tmpdir(), 'line-library-'))
  const library = await openLibrary(root, { clock: systemClock })
  const { refused } = await library.importPaths(paths)
  if (refused[0]) throw refused[0]
  return { library, remove: () => rmSync(root, { recursive: true, force: true }) }
}

export function imagesOf(folder: string): readonly FlashImage[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.bin'))
  return names.map((name) => imageOf(name, readFileSync(join(folder, name))))
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
