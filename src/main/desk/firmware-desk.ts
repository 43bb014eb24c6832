// The calls about firmware and recipes.
import { basename } from 'node:path'
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { FirmwareSet, ImportReport, RecipeView } from '../../shared/model/firmware-view.ts'
import type { Sha256 } from '../../shared/model/ids.ts'
import type { FirmwareModule } from '../../shared/model/module.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../shared/model/recipe-kind.ts'
import type { LibraryModule, ImportReport as LibraryReport, LibrarySet } from '../station/firmware/library-model.ts'
import { refuseWhileWorking } from './bench-desk.ts'
import { checkDeviceRecipe } from './check-device-recipe.ts'
import type { TakenPack } from './pack-shelf.ts'
import { faultOfRecipe, packOf, resolveOnStation } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'
import { takeFetched } from './take-recipe.ts'
import { type UploadedFile, withUploadFolder } from './upload-folder.ts'

type FirmwareCalls = Pick<
  Handlers,
  'listRecipes' | 'saveRecipe' | 'chooseRecipe' | 'removeRecipe' | 'listFirmware' | 'importFiles' | 'removeFirmware'
>

export function firmwareCalls(state: StationState): FirmwareCalls {
  const { library, recipes, settings } = state
  return {
    listRecipes: () => recipeViews(state),
    saveRecipe: async ({ recipe: wished }) => {
      refuseWhileLocked(state, wished)
      refuseFileNames(wished)
      checkDeviceRecipe(wished)
      const recipe = await takeFetched(wished, library)
      return recipeView(state, recipes.save(recipe), recipe)
    },
    chooseRecipe: async ({ recipeId }) => {
      await chooseRecipe(state, recipeId)
      return recipeViews(state)
    },
    removeRecipe: async ({ recipeId }) => {
      refuseWhileLocked(state, recipes.find(recipeId))
      if (settings.current().recipeId === recipeId) await chooseRecipe(state, null)
      recipes.remove(recipeId)
      return recipeViews(state)
    },
    listFirmware: async () => ({
      sets: (await library.sets()).map(setView),
      modules: (await library.modules()).filter(isBoardModule),
    }),
    importFiles: async ({ files }) => {
      const report = await importFiles(state, files)
      await tellRecipe(state)
      return reportView(report)
    },
    removeFirmware: async ({ setId }) => {
      // A running job reads its files when it comes to them.
      refuseWhileWorking(state, () => true)
      if (!(await library.remove(setId))) throw new Fault('CALL_REJECTED', `no firmware set is named ${setId}`)
      await tellRecipe(state)
      return null
    },
  }
}

async function recipeViews(state: StationState): Promise<readonly RecipeView[]> {
  return Promise.all(state.recipes.list().map(({ recipeId, recipe }) => recipeView(state, recipeId, recipe)))
}

async function recipeView(state: StationState, recipeId: Sha256, recipe: Recipe): Promise<RecipeView> {
  const { resolved, origin } = await resolveOnStation(state, recipe)
  return {
    recipeId,
    recipe,
    targets: resolved.targets,
    devices: resolved.devices,
    isActive: recipeId === state.settings.current().recipeId,
    origin,
  }
}

/** A line that runs signed packs only makes and removes no recipes. */
function refuseWhileLocked({ settings }: StationState, recipe: Recipe | null): void {
  if (!settings.current().onlySignedPacks) return
  throw new Fault('RECIPE_LOCKED', `${recipe?.name ?? 'a recipe'}: recipes are not changed while the station is locked`)
}

/** Makes a recipe the one that boards get from now on, of this pack where several have it; running jobs keep theirs. */
export async function chooseRecipe(
  state: StationState,
  recipeId: string | null,
  wanted: TakenPack | null = null,
): Promise<void> {
  const recipe = recipeId === null ? null : state.recipes.find(recipeId)
  if (recipeId !== null && !recipe) throw new Fault('CALL_REJECTED', `no recipe is named ${recipeId}`)
  const pack = wanted ?? (recipe && packOf(state, recipe))
  const fault = recipe && faultOfRecipe(state, recipe, pack)
  if (fault) throw faultFrom(fault)
  state.settings.change({ recipeId, packId: pack?.packId ?? null })
  await tellRecipe(state)
}

/** Works the chosen recipe out anew and tells it to the bench. */
export function tellRecipe(state: StationState): Promise<void> {
  return state.inRecipeTurn(async () => {
    const { recipeId } = state.settings.current()
    const recipe = state.options.recipe ?? (recipeId ? state.recipes.find(recipeId) : null)
    const found = recipe ? await resolveOnStation(state, recipe) : null
    const resolved = found?.resolved ?? null
    state.resolved.recipe = resolved
    const recipeWarning = found?.origin.warning ?? null
    state.mirror.changeStation({ recipeName: resolved?.recipe.name ?? null, recipeWarning })
    state.command({ kind: 'recipe', recipe: resolved })
  })
}

/** A screen sends no file beside its recipe, and names of files on this computer are none of its business. */
function refuseFileNames(recipe: Recipe): void {
  const { name } = recipe
  if (isDfuRecipe(recipe)) {
    if (recipe.devices.every(({ image }) => image === null || !('file' in image))) return
    throw new Fault('RECIPE_INVALID', `${name}: import the image first and choose it from the library`)
  }
  const { user } = recipe
  if (typeof user === 'string' || 'modules' in user || 'url' in user) return
  throw new Fault('RECIPE_INVALID', `${name}: import the user firmware first and choose it from the library`)
}

function isBoardModule(module: LibraryModule): module is Exclude<LibraryModule, { platform: 'any' }> {
  return module.platform !== 'any'
}

function setView(set: LibrarySet): FirmwareSet {
  const modules: readonly FirmwareModule[] = [...set.modules, ...set.others.filter(isBoardModule)]
  return {
    setId: set.id,
    platform: set.platform,
    deviceOsVersion: set.deviceOsVersion,
    modules,
    missing: set.lacks,
    source: set.source,
    importedAt: set.importedAt,
  }
}

function reportView(report: LibraryReport): ImportReport {
  return {
    imported: report.imported.map(setView),
    refused: report.refused.map(({ file, reason, what }) => ({ file, reason, detail: what })),
  }
}

async function importFiles(state: StationState, files: readonly UploadedFile[]): Promise<LibraryReport> {
  const { library, tellImport: onProgress } = state
  const only = files.length === 1 ? files[0] : undefined
  try {
    if (only) {
      const bytes = Buffer.from(only.contentBase64, 'base64')
      return await library.importUpload(basename(only.path), bytes, { onProgress })
    }
    return await withUploadFolder(state.folder.root, files, (folder) => library.importPaths([folder], { onProgress }))
  } finally {
    state.tellImport({ file: null, done: files.length, total: files.length })
  }
}
