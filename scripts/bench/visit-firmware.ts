// The library of the jobs that are measured in process: synthetic releases with the sizes of the real ones, so that
// anybody can repeat them, and for each a second user firmware. And the boards that need all of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { importUser } from '../../src/main/desk/take-recipe.ts'
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { createSimulatedBoard, type SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { shapeOf } from '../../src/main/sim/synthetic/module-spec.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../src/main/station/firmware/library-model.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import type { Recipe, VerifyPolicy } from '../../src/shared/model/recipe.ts'

/** A release to flash, and the older one on the board. */
export interface Release<Name extends PlatformName = PlatformName> {
  readonly platform: Name
  readonly deviceOs: string
  readonly before: string
}

export interface VisitFirmware extends Disposable {
  readonly library: FirmwareLibrary
  recipe(release: Release, wishes: Wishes): Promise<ResolvedRecipe>
}

export interface Wishes {
  readonly verify: VerifyPolicy
  /** The set's own user firmware, or the second one. */
  readonly user: 'set' | 'other'
}

export async function openFirmware(releases: readonly Release[]): Promise<VisitFirmware> {
  const root = mkdtempSync(join(tmpdir(), 'dfu-station-bench-firmware-'))
  const library = await openLibrary(join(root, 'library'), { clock: systemClock })
  const others = new Map<string, string>()
  for (const { platform, deviceOs } of releases) {
    const folder = join(root, `${platform}-${deviceOs}`)
    mkdirSync(folder)
    for (const { file, spec } of releaseModules(platform, deviceOs, 'bench')) {
      writeFileSync(join(folder, file), buildModule(spec))
    }
    const { refused } = await library.importPaths([folder])
    if (refused[0]) throw refused[0]
    const other = join(root, `${platform}-${deviceOs}-other.bin`)
    writeFileSync(other, buildModule(moduleOf(platform, deviceOs, { kind: 'user', seed: 'another firmware' })))
    others.set(`${platform} ${deviceOs}`, (await importUser(other, library)).sha256)
  }
  return {
    library,
    recipe: ({ platform, deviceOs }, { verify, user }) => {
      const other = { modules: { [platform]: others.get(`${platform} ${deviceOs}`) ?? '' } }
      const recipe: Recipe = {
        ...plainFlash,
        ...{ format: 'dfu-station-recipe', version: 1, name: `${platform} ${deviceOs}` },
        ...{ platforms: [platform], deviceOs, user: user === 'set' ? user : other, verify },
      }
      return resolveRecipe(recipe, library)
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

function moduleOf(
  platform: PlatformName,
  deviceOs: string,
  { kind, seed }: { readonly kind: string; readonly seed: string },
) {
  const found = releaseModules(platform, deviceOs, seed).find(({ spec }) => spec.kind === kind)
  if (!found) throw new Error(`Device OS ${deviceOs} has no ${kind} for ${platform}`)
  return { ...found.spec, seed }
}

/** A board with an older release in which every module of the new one is another, the SoftDevice too. */
export function boardBefore({ platform, before }: Release): SimulatedBoard {
  const board = createSimulatedBoard(boardSpecOf({ platform, deviceOs: before }, 0))
  if (platform === 'boron') replaceSoftDevice(board, before)
  return board
}

function replaceSoftDevice({ chips }: SimulatedBoard, deviceOs: string): void {
  const spec = moduleOf('boron', deviceOs, { kind: 'radio', seed: 'another SoftDevice' })
  const { startAddress, dropsHeader } = shapeOf(spec)
  const bytes = buildModule(spec).subarray(dropsHeader ? headerBytes : 0)
  for (let at = startAddress; at < startAddress + bytes.length; ) {
    const sector = chips.internal.sectorAt(at)
    chips.internal.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
  chips.internal.program(startAddress, bytes)
}

/** The module prefix, which is not stored where the header says so. */
const headerBytes = 24
