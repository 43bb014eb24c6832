// What a station does with a pack of the watched folder: a newer one is taken, and where boards get an issue of the same
// pack now, they get the new one from the next board on. Older ones never come back by themselves.
import { asFault } from '../../shared/fault/fault.ts'
import { chooseRecipe } from './firmware-desk.ts'
import type { TakenPack } from './pack-shelf.ts'
import { packOf, standingOfTaken } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'
import { type ExaminedPack, examinePackFile, type PackFile, takePack } from './take-pack.ts'
import type { Considered } from './watched-folder.ts'

/** Throws the fault of a pack that is refused. */
export async function considerPack(state: StationState, file: PackFile, path: string): Promise<Considered> {
  const examined = await examinePackFile(state, file, state.ending)
  const { name, version } = examined.pack.manifest
  const title = `${name} version ${version}`
  const highest = highestRival(state, examined)
  if (highest && highest.packId === examined.pack.packId) return { state: 'known', detail: `${title} is here` }
  if (highest && highest.note.version >= version) {
    const what = highest.note.version === version ? 'another pack of this version' : `version ${highest.note.version}`
    return { state: 'older', detail: `${title} is not taken: ${what} is here` }
  }
  const taken = await takePack(state, examined, path)
  const follows = await followed(state, taken)
  state.tellPacks()
  return { state: 'taken', detail: follows ? `${title}; boards get it from now on` : title }
}

/** The newest pack of this name; what is not trusted never stands in the way of what is. */
function highestRival(state: StationState, { pack, standing }: ExaminedPack): TakenPack | null {
  const [highest] = state.packs
    .list()
    .filter(({ note }) => note.name === pack.manifest.name)
    .filter((taken) => standing.standing !== 'trusted' || standingOfTaken(state, taken).standing === 'trusted')
    .toSorted((a, b) => b.note.version - a.note.version)
  return highest ?? null
}

/** Whether boards get it now. A pack that runs on sufferance takes the place of none that is trusted. */
async function followed(state: StationState, taken: TakenPack): Promise<boolean> {
  const { recipeId } = state.settings.current()
  const recipe = recipeId === null ? null : state.recipes.find(recipeId)
  const chosen = recipe ? packOf(state, recipe) : null
  const isTrusted = (pack: TakenPack) => standingOfTaken(state, pack).standing === 'trusted'
  if (!chosen || chosen.note.name !== taken.note.name || (isTrusted(chosen) && !isTrusted(taken))) return false
  try {
    await chooseRecipe(state, taken.note.recipeId, taken)
    state.log.info(`boards get ${taken.note.name} version ${taken.note.version} from now on`)
    return true
  } catch (thrown) {
    state.log.error(`${taken.note.name} version ${taken.note.version} is not chosen: ${asFault(thrown).message}`)
    return false
  }
}
