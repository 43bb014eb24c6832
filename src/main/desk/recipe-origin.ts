// Where a recipe comes from and whether it may run: worked out anew from what lies on the disk each time, so a pack
// that was changed after it was taken, or whose key is trusted no more, is refused before the next board.
import { describeFault, type FaultReport } from '../../shared/fault/fault.ts'
import type { DeviceTarget, RecipeTarget, ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { TargetAsset } from '../../shared/model/module.ts'
import type { PackStanding, RecipeOrigin } from '../../shared/model/pack-view.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { type Standing, standingOf } from '../station/packs/pack-standing.ts'
import { busOf } from './bus-of.ts'
import type { DeskOptions } from './desk.ts'
import type { TakenPack } from './pack-shelf.ts'
import { recipeHash } from './recipe-file.ts'
import { resolveRecipe } from './resolve-recipe.ts'
import type { StationState } from './station-state.ts'

/** Which boards there are: real ones, or simulated for this run or by the settings. */
export type BoardsState = Pick<StationState, 'settings'> & {
  readonly options: Pick<DeskOptions, 'simulation' | 'packId'>
}

export type OriginState = BoardsState & Pick<StationState, 'packs' | 'keys' | 'library'>

export interface StationRecipe {
  /** Its targets carry the fault where it may not run here; its name is marked where it runs on sufferance. */
  readonly resolved: ResolvedRecipe
  readonly origin: RecipeOrigin
}

/** What a recipe means on this station, and whether it may run. */
export async function resolveOnStation(state: OriginState, recipe: Recipe): Promise<StationRecipe> {
  const gone = goneFault(state, recipe)
  if (gone) return goneRecipe(state, await resolveRecipe(recipe, state.library), gone)
  const pack = packOf(state, recipe)
  if (!pack) return ownRecipe(state, await resolveRecipe(recipe, state.library))
  const standing = standingOfTaken(state, pack)
  const library = state.library.within(setsOf(pack, standing))
  const worked = await resolveRecipe(recipe, library)
  // Written again or not, it is the recipe of the pack: its boards are counted together.
  const resolved = recipe.job === 'flash' ? { ...worked, sha256: pack.note.recipeId } : worked
  const strange = standing.standing === 'trusted' ? strangeModules(pack, resolved) : null
  return packRecipe(state, { pack, standing: strange ? altered(standing, strange) : standing, resolved })
}

/** Real boards: nothing runs on sufferance. */
export function isProduction(state: BoardsState): boolean {
  return busOf(state).kind === 'usb'
}

/** As it lies on the disk now. */
export function standingOfTaken(state: Pick<StationState, 'keys'>, { signed, note }: TakenPack): Standing {
  if (signed) return standingOf(signed, state.keys.trusted())
  const detail = `${note.name} version ${note.version}: what was taken cannot be read any more`
  return { standing: 'altered', signer: null, fault: { code: 'PACK_ALTERED', detail } }
}

/** The fault that keeps this recipe from the boards of this moment, known without its firmware; null where it may run. */
export function faultOfRecipe(state: OriginState, recipe: Recipe, pack = packOf(state, recipe)): FaultReport | null {
  if (!isProduction(state)) return null
  return pack ? standingOfTaken(state, pack).fault : (goneFault(state, recipe) ?? lockFault(state, recipe))
}

/** Who a board is may always be asked. */
function lockFault({ settings }: OriginState, { name, job }: Recipe): FaultReport | null {
  if (!settings.current().onlySignedPacks || job === 'identify') return null
  return { code: 'RECIPE_LOCKED', detail: `${name} was made on this station` }
}

/** Of several packs with the same recipe the chosen one; else the best: trusted, then the highest version, then the last taken. */
export function packOf(state: OriginState, recipe: Recipe): TakenPack | null {
  const wanted = state.options.packId ?? state.settings.current().packId
  const isWanted = (pack: TakenPack) => Number(pack.packId === wanted)
  const isTrusted = (pack: TakenPack) => Number(standingOfTaken(state, pack).standing === 'trusted')
  const [best] = packsWith(state, recipe).toSorted(
    (a, b) =>
      isWanted(b) - isWanted(a) ||
      isTrusted(b) - isTrusted(a) ||
      b.note.version - a.note.version ||
      b.note.takenAt - a.note.takenAt,
  )
  return best ?? null
}

/** Also where a run wants all of it written again, or compared only: it is the recipe of the pack all the same. */
function packsWith({ packs }: OriginState, recipe: Recipe): readonly TakenPack[] {
  const exact = packs.ofRecipe(recipeHash(recipe))
  if (exact.length > 0 || (!recipe.force && recipe.job !== 'verify')) return exact
  return packs.list().filter(({ signed }) => signed && isVariant(signed.manifest.recipe, recipe))
}

function isVariant(original: Recipe, recipe: Recipe): boolean {
  const compared = recipe.job === 'verify' ? { job: recipe.job, limits: recipe.limits } : {}
  return recipeHash({ ...original, ...compared, force: recipe.force }) === recipeHash(recipe)
}

/** A signed list of sets is believed; the note beside it could have been edited. */
function setsOf({ signed, note }: TakenPack, { standing }: Pick<Standing, 'standing'>): readonly string[] {
  return signed && standing === 'trusted' ? signed.manifest.sets : note.sets
}

/** The index of the library could have been edited: a job takes the files that the pack names, all of them and no others. */
function strangeModules({ signed }: TakenPack, { targets, recipe }: ResolvedRecipe): string | null {
  if (!signed || recipe.job === 'identify') return null
  for (const { platform, modules, assets } of targets.filter(({ fault }) => fault === null)) {
    const stated = signed.manifest.targets.find((target) => target.platform === platform)
    const named = new Set<string>([...(stated?.modules ?? []), ...(stated?.assets ?? [])])
    const taken = [...modules.map(({ sha256, source }) => ({ sha256, source })), ...assets.map(sourceOfAsset)]
    const strange = taken.find(({ sha256 }) => !named.has(sha256))
    if (strange) return `${strange.source} (${strange.sha256}) is not a file of this pack for ${platform}`
    for (const { sha256 } of taken) named.delete(sha256)
    const [left] = named
    if (left !== undefined) return `${left}, which this pack names for ${platform}, would be left out`
  }
  return null
}

function sourceOfAsset({ sha256, name }: TargetAsset) {
  return { sha256, source: name }
}

function altered({ signer }: Standing, why: string): Standing {
  return { standing: 'altered', signer, fault: { code: 'PACK_ALTERED', detail: why } }
}

/** The recipe of a pack that is not here any more is none of the station's own: it would mean other firmware. */
function goneFault({ settings, packs, options }: OriginState, recipe: Recipe): FaultReport | null {
  const { recipeId, packId } = settings.current()
  const isChosen = options.packId === undefined && packId !== null && recipeHash(recipe) === recipeId
  if (!isChosen || packs.find(packId)) return null
  return { code: 'PACK_ALTERED', detail: `${recipe.name}: the pack that it was chosen of is not here any more` }
}

function goneRecipe(state: OriginState, resolved: ResolvedRecipe, fault: FaultReport): StationRecipe {
  const origin = { pack: null, signedBy: null, warning: describeFault(fault).title }
  return { resolved: isProduction(state) ? refused(resolved, fault) : marked(resolved, 'altered'), origin }
}

function ownRecipe(state: OriginState, resolved: ResolvedRecipe): StationRecipe {
  const origin = { pack: null, signedBy: null }
  const fault = lockFault(state, resolved.recipe)
  if (!fault) return { resolved, origin: { ...origin, warning: null } }
  const warning = describeFault(fault).title
  return { resolved: isProduction(state) ? refused(resolved, fault) : resolved, origin: { ...origin, warning } }
}

function packRecipe(
  state: OriginState,
  of: { readonly pack: TakenPack; readonly standing: Standing; readonly resolved: ResolvedRecipe },
): StationRecipe {
  const { pack, resolved } = of
  const { standing, signer, fault } = of.standing
  const { name, version } = pack.note
  const origin: RecipeOrigin = {
    pack: { packId: pack.packId, name, version, standing },
    signedBy: signer && standing !== 'altered' ? `${signer.name ?? 'unknown'} (${signer.fingerprint})` : null,
    warning: fault ? describeFault(fault).title : null,
  }
  if (!fault) return { resolved, origin }
  return { resolved: isProduction(state) ? refused(resolved, fault) : marked(resolved, standing), origin }
}

/** Every slot then says why, and no job begins. */
function refused(resolved: ResolvedRecipe, fault: FaultReport): ResolvedRecipe {
  const targets = resolved.targets.map((target): RecipeTarget => ({ ...target, modules: [], assets: [], fault }))
  const devices = resolved.devices.map((device): DeviceTarget => ({ ...device, image: null, fault }))
  return { ...resolved, targets, devices }
}

/** Its name goes to the slots, into the ledger and into exports. */
function marked(resolved: ResolvedRecipe, standing: PackStanding): ResolvedRecipe {
  const { recipe } = resolved
  return { ...resolved, recipe: { ...recipe, name: `${standing.toUpperCase()} PACK: ${recipe.name}` } }
}
