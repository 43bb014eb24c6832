// Opens a station on a pack: a file that a person named, or a pack by its name alone. Its recipe is chosen and
// everything else is hidden.
import { basename, join, resolve } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import { packNameSchema } from '../../shared/model/pack-name.ts'
import { readBounded } from '../station/firmware/folder-tree.ts'
import { maxArchiveBytes } from '../station/firmware/limits.ts'
import { refuser } from '../station/firmware/refusal.ts'
import { choosePack, takePackFile } from './pack-desk.ts'
import type { TakenPack } from './pack-shelf.ts'
import { isProduction, standingOfTaken } from './recipe-origin.ts'
import type { StationState } from './station-state.ts'
import { examinePackFile, type PackFile } from './take-pack.ts'

/** A file may lie anywhere; a name comes from anywhere, so it means a pack that this station knows, and never a path. */
export type PackWord = { readonly file: string } | { readonly name: string }

/** What a person is asked before the station changes over: "Blinky line version 4, signed by Release desk". */
export interface PackQuestion {
  readonly title: string
  /** The recipe that boards get now; null where none is chosen. */
  readonly instead: string | null
}

/** Throws the fault of a pack that may not be used here. */
export async function openPack(state: StationState, word: PackWord): Promise<void> {
  await choosePack(state, await packMeant(state, word), true)
}

/** Takes nothing. Throws like openPack. */
export async function askAboutPack(state: StationState, word: PackWord): Promise<PackQuestion> {
  const instead = state.mirror.station().recipeName
  const known = 'name' in word ? knownByName(state, word.name) : null
  if (known) {
    const { signer } = standingOfTaken(state, known)
    return { title: titleOf(known.note, signer?.name ?? null), instead }
  }
  const file = await packFileAt(pathOf(state, word))
  const { pack, standing } = await examinePackFile(state, file, state.ending)
  if (standing.fault && isProduction(state)) throw new Fault(standing.fault.code, standing.fault.detail)
  return { title: titleOf(pack.manifest, standing.signer?.name ?? null), instead }
}

function titleOf(
  { name, version }: { readonly name: string; readonly version: number },
  signer: string | null,
): string {
  return `${name} version ${version}, ${signer === null ? 'not signed by anybody this station trusts' : `signed by ${signer}`}`
}

async function packMeant(state: StationState, word: PackWord): Promise<TakenPack> {
  const known = 'name' in word ? knownByName(state, word.name) : null
  if (known) return known
  const path = pathOf(state, word)
  return takePackFile(state, await packFileAt(path), path)
}

/** Trusted before others, then the newest. */
function knownByName(state: StationState, name: string): TakenPack | null {
  const isTrusted = (pack: TakenPack) => Number(standingOfTaken(state, pack).standing === 'trusted')
  const [best] = state.packs
    .list()
    .filter(({ note }) => note.name === name)
    .toSorted((a, b) => isTrusted(b) - isTrusted(a) || b.note.version - a.note.version)
  return best ?? null
}

function pathOf({ settings }: StationState, word: PackWord): string {
  if ('file' in word) return resolve(word.file)
  const name = packNameSchema.safeParse(word.name)
  const { watchedFolder } = settings.current()
  if (name.success && watchedFolder !== null) return join(watchedFolder, `${name.data}.dfupack`)
  throw new Fault('CALL_REJECTED', `no pack is named ${JSON.stringify(word.name)}`)
}

/** Throws PACK_UNREADABLE where there is no such file. */
export async function packFileAt(path: string): Promise<PackFile> {
  const name = basename(path)
  try {
    return { name, bytes: await readBounded(path, maxArchiveBytes, refuser('zip', name)) }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    throw new Fault('PACK_UNREADABLE', `${path}: ${thrown.detail}`, { cause: thrown })
  }
}
