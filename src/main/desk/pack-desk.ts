// The calls about recipe packs, the keys that sign them, the watched folder and what a station is opened on.
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { PackFacts, PacksView, PackView } from '../../shared/model/pack-view.ts'
import type { Standing } from '../station/packs/pack-standing.ts'
import type { SignedManifest } from '../station/packs/read-pack.ts'
import { type DeskListeners, listen } from './desk-listeners.ts'
import { makePack, writePackFile } from './export-pack.ts'
import { chooseRecipe, tellRecipe } from './firmware-desk.ts'
import { rememberIssued } from './issued-packs.ts'
import type { TakenPack } from './pack-shelf.ts'
import { recipeHash } from './recipe-file.ts'
import { isProduction, packOf, standingOfTaken } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'
import { examinePackFile, type PackFile, takePack } from './take-pack.ts'

type KeyCalls = Pick<Handlers, 'readKeys' | 'trustKey' | 'untrustKey' | 'lockToSignedPacks'>
type PlaceCalls = Pick<Handlers, 'watchFolder' | 'leaveFocus'>
type PackCalls = KeyCalls &
  PlaceCalls &
  Pick<Handlers, 'listPacks' | 'exportPack' | 'examinePack' | 'importPack' | 'choosePack' | 'removePack'>

export function packCalls(state: StationState): PackCalls {
  return {
    ...keyCalls(state),
    ...placeCalls(state),
    listPacks: async () => packsView(state),
    exportPack: (input) => exportPack(state, input),
    examinePack: async (upload) => {
      const { pack, standing } = await examinePackFile(state, uploaded(upload), state.ending)
      return factsOf(pack, standing)
    },
    importPack: async (upload) => {
      await takePackFile(state, uploaded(upload), 'import')
      return packsView(state)
    },
    choosePack: async ({ packId, focus }) => {
      await choosePack(state, knownPack(state, packId), focus)
      return packsView(state)
    },
    removePack: async ({ packId }) => {
      const { note } = knownPack(state, packId)
      if (isChosen(state, note.recipeId, packId)) await chooseRecipe(state, null)
      const isShared = state.packs
        .list()
        .some((other) => other.packId !== packId && other.note.recipeId === note.recipeId)
      // In this order: a recipe without its pack would be one of the station's own.
      if (!isShared) state.recipes.remove(note.recipeId)
      state.packs.remove(packId)
      return changed(state)
    },
  }
}

function keyCalls(state: StationState): KeyCalls {
  const { keys, settings } = state
  return {
    readKeys: async () => keys.view(),
    trustKey: async ({ name, publicKey }) => {
      keys.trust(name, publicKey)
      await changed(state)
      state.watched.tryAgain()
      return keys.view()
    },
    untrustKey: async ({ fingerprint }) => {
      keys.untrust(fingerprint)
      await changed(state)
      return keys.view()
    },
    lockToSignedPacks: async ({ on, typed }) => {
      const { stationId, onlySignedPacks } = settings.current()
      if (onlySignedPacks && !on && typed !== stationId) {
        throw new Fault('CALL_REJECTED', `type the ID of the station, ${stationId}, to let it run unsigned recipes`)
      }
      settings.change({ onlySignedPacks: on })
      return changed(state)
    },
  }
}

function placeCalls(state: StationState): PlaceCalls {
  return {
    watchFolder: async ({ path }) => {
      state.settings.change({ watchedFolder: path })
      state.watched.watch(path)
      return packsView(state)
    },
    leaveFocus: async ({ typed }) => {
      const { focus } = state.settings.current()
      if (focus !== null && typed !== focus) {
        throw new Fault('CALL_REJECTED', `type the name of the pack, ${focus}, to show the whole station`)
      }
      setFocus(state, null)
      return packsView(state)
    },
  }
}

/** The first frame is the present state; then whenever something about packs has changed. Returns the stop. */
export function watchPacks(
  state: StationState,
  listeners: DeskListeners,
  listener: (frame: PacksView) => void,
): () => void {
  listener(packsView(state))
  return listen(listeners.packs, () => listener(packsView(state)))
}

/** Everything about packs as it is now. */
function packsView(state: StationState): PacksView {
  const { onlySignedPacks, focus } = state.settings.current()
  const packs = state.packs.list().flatMap((pack): readonly PackView[] => {
    const { note, signed, packId } = pack
    if (!signed) return []
    const { takenAt, takenFrom } = note
    const facts = factsOf(signed, standingOfTaken(state, pack))
    return [{ ...facts, packId, takenAt, takenFrom, isChosen: isChosen(state, note.recipeId, packId) }]
  })
  return { packs, keys: state.keys.view(), watch: state.watched.view(), onlySignedPacks, focus }
}

/** Boards get the recipe of this very pack. */
function isChosen(state: StationState, recipeId: string, packId: string): boolean {
  const recipe = state.settings.current().recipeId === recipeId ? state.recipes.find(recipeId) : null
  return recipe !== null && packOf(state, recipe)?.packId === packId
}

function factsOf(signed: SignedManifest, { signer, standing, fault }: Standing): PackFacts {
  const { name, version, author, created, recipe, files } = signed.manifest
  return {
    ...{ packId: signed.packId, name, version, author, createdAt: Date.parse(created) },
    ...{ recipeId: recipeHash(recipe), recipe, files, signer, standing, fault },
  }
}

function uploaded({
  fileName,
  contentBase64,
}: {
  readonly fileName: string
  readonly contentBase64: string
}): PackFile {
  return { name: fileName, bytes: Buffer.from(contentBase64, 'base64') }
}

/** Reads, judges, takes and tells everybody. */
export async function takePackFile(state: StationState, file: PackFile, from: string): Promise<TakenPack> {
  const taken = await takePack(state, await examinePackFile(state, file, state.ending), from)
  await changed(state)
  return taken
}

/** Boards get its recipe from now on; running jobs keep theirs. Throws its fault where it may not run now. */
export async function choosePack(state: StationState, pack: TakenPack, focus: boolean): Promise<void> {
  const { fault } = standingOfTaken(state, pack)
  if (fault && isProduction(state)) throw faultFrom(fault)
  if (pack.signed) state.recipes.save(pack.signed.manifest.recipe)
  await chooseRecipe(state, pack.note.recipeId, pack)
  if (focus) setFocus(state, pack.note.name)
  else state.tellPacks()
}

function setFocus(state: StationState, focus: string | null): void {
  state.settings.change({ focus })
  state.mirror.changeStation({ focus })
  state.tellPacks()
}

function knownPack({ packs }: StationState, packId: string): TakenPack {
  const pack = packs.find(packId)
  if (!pack) throw new Fault('CALL_REJECTED', `no pack has the ID ${packId}`)
  return pack
}

/** What boards get may be another thing now, or nothing. */
async function changed(state: StationState): Promise<PacksView> {
  await tellRecipe(state)
  state.tellPacks()
  return packsView(state)
}

async function exportPack(
  state: StationState,
  input: Parameters<Handlers['exportPack']>[0],
): ReturnType<Handlers['exportPack']> {
  const { settings, folder, options } = state
  const recipe = state.recipes.find(input.recipeId)
  if (!recipe) throw new Fault('CALL_REJECTED', `no recipe is named ${input.recipeId}`)
  const { watchedFolder } = settings.current()
  if (input.intoWatchedFolder && watchedFolder === null) throw new Fault('CALL_REJECTED', 'no folder is watched')
  const made = await makePack(state, recipe, { ...input, privateKey: state.keys.signingKey() })
  const path = writePackFile(folder.exports, made)
  rememberIssued(folder.issuedPacks, made, state.log)
  state.tellPacks()
  if (!input.intoWatchedFolder || watchedFolder === null) {
    return options.deliverFile ? options.deliverFile(path) : { kind: 'saved', path }
  }
  return { kind: 'saved', path: writePackFile(watchedFolder, made) }
}
