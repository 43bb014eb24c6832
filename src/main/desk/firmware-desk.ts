// The calls about firmware and recipes.
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, normalize, sep } from 'node:path'
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import type { FirmwareSet, ImportReport, RecipeView } from '../../shared/model/firmware-view.ts'
import type { FirmwareModule } from '../../shared/model/module.ts'
import type { LibraryModule, ImportReport as LibraryReport, LibrarySet } from '../station/firmware/library-model.ts'
import { resolveRecipe } from './resolve-recipe.ts'
import type { StationState } from './station-state.ts'

type FirmwareCalls = Pick<
  Handlers,
  'listRecipes' | 'saveRecipe' | 'chooseRecipe' | 'removeRecipe' | 'listFirmware' | 'importFiles' | 'removeFirmware'
>

export function firmwareCalls(state: StationState): FirmwareCalls {
  const { library, recipes, settings } = state
  return {
    listRecipes: () => recipeViews(state),
    saveRecipe: async ({ recipe }) => {
      const recipeId = recipes.save(recipe)
      const resolved = await resolveRecipe(recipe, library)
      return { recipeId, recipe, targets: resolved.targets, isActive: settings.current().recipeId === recipeId }
    },
    chooseRecipe: async ({ recipeId }) => {
      await chooseRecipe(state, recipeId)
      return recipeViews(state)
    },
    removeRecipe: async ({ recipeId }) => {
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
      if (!(await library.remove(setId))) throw new Fault('CALL_REJECTED', `no firmware set is named ${setId}`)
      await tellRecipe(state)
      return null
    },
  }
}

async function recipeViews(state: StationState): Promise<readonly RecipeView[]> {
  const active = state.settings.current().recipeId
  return Promise.all(
    state.recipes.list().map(async ({ recipeId, recipe }) => {
      const { targets } = await resolveRecipe(recipe, state.library)
      return { recipeId, recipe, targets, isActive: recipeId === active }
    }),
  )
}

/** Makes a recipe the one that boards get from now on; running jobs keep theirs. */
export async function chooseRecipe(state: StationState, recipeId: string | null): Promise<void> {
  if (recipeId !== null && !state.recipes.find(recipeId)) {
    throw new Fault('CALL_REJECTED', `no recipe is named ${recipeId}`)
  }
  state.settings.change({ recipeId })
  await tellRecipe(state)
}

/** Works the chosen recipe out anew and tells it to the bench. */
export async function tellRecipe(state: StationState): Promise<void> {
  const { recipeId } = state.settings.current()
  const recipe = state.options.recipe ?? (recipeId ? state.recipes.find(recipeId) : null)
  const resolved = recipe ? await resolveRecipe(recipe, state.library) : null
  state.resolved.recipe = resolved
  state.mirror.changeStation({ recipeName: recipe?.name ?? null })
  state.command({ kind: 'recipe', recipe: resolved })
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

export function reportView(report: LibraryReport): ImportReport {
  return {
    imported: report.imported.map(setView),
    refused: report.refused.map(({ file, reason, what }) => ({ file, reason, detail: what })),
  }
}

type Upload = { readonly path: string; readonly contentBase64: string }

async function importFiles(state: StationState, files: readonly Upload[]): Promise<LibraryReport> {
  const onProgress = state.tellImport
  const only = files.length === 1 ? files[0] : undefined
  try {
    if (only) {
      const bytes = Buffer.from(only.contentBase64, 'base64')
      return await state.library.importUpload(basename(only.path), bytes, { onProgress })
    }
    return await importFolder(state, files)
  } finally {
    state.tellImport({ file: null, done: files.length, total: files.length })
  }
}

/** Several files are a folder: laid out beside the library, imported as one, and taken away again. */
async function importFolder(state: StationState, files: readonly Upload[]): Promise<LibraryReport> {
  const folder = mkdtempSync(join(state.folder.root, 'upload-'))
  try {
    for (const file of files) {
      const path = normalize(join(folder, file.path))
      if (!path.startsWith(folder + sep)) throw new Fault('CALL_REJECTED', `${file.path}: leads out of the folder`)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, Buffer.from(file.contentBase64, 'base64'))
    }
    return await state.library.importPaths([folder], { onProgress: state.tellImport })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
