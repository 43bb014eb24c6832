// A pack into the station: read, judged, its firmware through the strict importer, its recipe onto the shelf, and a note
// of who signed it. Nothing of a pack that is refused stays.

import { Fault, type FaultReport, faultFrom } from '../../shared/fault/fault.ts'
import type { Sha256 } from '../../shared/model/ids.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import { sha256Of } from '../station/firmware/module-suffix.ts'
import { Refusal } from '../station/firmware/refusal.ts'
import { setsOfFiles } from '../station/packs/pack-sets.ts'
import { type Standing, standingOf } from '../station/packs/pack-standing.ts'
import { type ReadPack, readPack } from '../station/packs/read-pack.ts'
import { writeStoredZip } from '../station/packs/stored-zip.ts'
import { checkDeviceRecipe } from './check-device-recipe.ts'
import { checkImages, importImages } from './pack-images.ts'
import type { TakenPack } from './pack-shelf.ts'
import { recipeHash } from './recipe-file.ts'
import { type BoardsState, isProduction, standingOfTaken } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'

export type PackGround = BoardsState & Pick<StationState, 'packs' | 'keys' | 'library' | 'recipes' | 'clock' | 'log'>

export interface PackFile {
  /** As it is shown: "line.dfupack". */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface ExaminedPack {
  readonly pack: ReadPack
  readonly standing: Standing
}

/** Reads and judges; takes nothing. Throws PACK_UNREADABLE. */
export async function examinePackFile(
  { keys, clock }: Pick<PackGround, 'keys' | 'clock'>,
  file: PackFile,
  signal: AbortSignal,
): Promise<ExaminedPack> {
  const pack = await readPack(file.bytes, { name: file.name, clock, signal })
  return { pack, standing: standingOf(pack, keys.trusted()) }
}

/**
 * Takes a pack that was examined; `from` is where it came from, in words. Throws its fault where it may not be used
 * with the boards of this moment, and the refusal of a module.
 */
export async function takePack(ground: PackGround, examined: ExaminedPack, from: string): Promise<TakenPack> {
  const { pack, standing } = examined
  const { manifest } = pack
  if (standing.fault && isProduction(ground)) throw faultFrom(standing.fault)
  const title = `${manifest.name} version ${manifest.version}`
  const sets = await checkedSets(examined, title)
  refuseRival(ground, examined, sets)
  await importFirmware(ground, pack)
  const note = {
    ...{ name: manifest.name, version: manifest.version, recipeId: recipeHash(manifest.recipe) },
    ...{ takenAt: ground.clock.now(), takenFrom: from, sets: [...sets], changes: [...pack.changes] },
  }
  // In this order: a recipe without its pack would be one of the station's own.
  ground.packs.save(pack, note)
  ground.recipes.save(manifest.recipe)
  const by = standing.signer ? `, signed by ${standing.signer.name ?? standing.signer.fingerprint}` : ''
  ground.log.info(`took ${title} (${standing.standing}${by}) from ${from}`)
  return { packId: pack.packId, note, signed: pack }
}

/** What its files are on this station, before any of them is taken: IDs of sets; images are named by the recipe alone. */
async function checkedSets({ pack, standing }: ExaminedPack, title: string): Promise<readonly Sha256[]> {
  const { recipe, sets: stated } = pack.manifest
  if (isDfuRecipe(recipe)) {
    if (standing.standing === 'altered' && standing.fault) refuseAlteredImages(pack, standing.fault)
    checkDeviceRecipe(recipe)
    checkImages(recipe, pack.files, title)
    return []
  }
  const { user } = recipe
  if (typeof user !== 'string' && !('modules' in user)) {
    throw new Fault('PACK_UNREADABLE', `${title}: its recipe names user firmware by file or address`)
  }
  const sets = await setsOfFiles(pack.files, title)
  if (standing.standing === 'trusted' && !isSame(sets, stated)) {
    throw new Fault('PACK_UNREADABLE', `${title}: its firmware makes other sets here than where it was packed`)
  }
  return sets
}

/** A changed image is not the one that the recipe names: nothing could run, on simulated boards either. */
function refuseAlteredImages({ manifest, files }: ReadPack, fault: FaultReport): void {
  const isAsPacked = manifest.files.every(({ path, sha256 }) =>
    files.some((file) => file.path === path && sha256Of(file.bytes) === sha256),
  )
  if (!isAsPacked || files.length !== manifest.files.length) throw faultFrom(fault)
}

/** A recipe must mean one thing here: another pack with the very same recipe and other firmware would take its place. */
function refuseRival(ground: PackGround, { pack, standing }: ExaminedPack, sets: readonly Sha256[]): void {
  const { recipe, name, version } = pack.manifest
  const rival = ground.packs
    .ofRecipe(recipeHash(recipe))
    .filter((other) => other.note.name !== name && !isSame(other.note.sets, sets))
    .find((other) => standing.standing !== 'trusted' || standingOfTaken(ground, other).standing === 'trusted')
  if (!rival) return
  const why = `its recipe is that of the pack ${rival.note.name} with other firmware; give the recipe another name`
  throw new Fault('RECIPE_INVALID', `${name} version ${version}: ${why}`)
}

async function importFirmware({ library }: PackGround, { files, manifest }: ReadPack): Promise<void> {
  if (files.length === 0) return
  if (isDfuRecipe(manifest.recipe)) return importImages(files, library)
  const { name, version } = manifest
  const bytes = Buffer.from(writeStoredZip(files))
  const report = await library.importUpload(`${name} version ${version}.zip`, bytes)
  const [refused] = report.refused
  if (refused instanceof Refusal) throw refused
}

/** In any order. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join() === b.toSorted().join()
}
