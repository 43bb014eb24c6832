// The firmware library: import, list, find, read, remove. It joins the importer with the store and answers questions
// about sets; every file it hands out is checked against its SHA-256 and its header first.
import { join } from 'node:path'
import { Fault } from '../../../shared/fault/fault.ts'
import { moduleName, sameModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import type { Clock } from '../ports.ts'
import { bootRecordOf } from './boot-record.ts'
import type { BuiltSet } from './build-set.ts'
import { type Discovery, discover, uploadUnit } from './discover.ts'
import { findSetIn, findUserIn, listModules } from './find.ts'
import { type AssetSource, assetModuleOf, assetsOf, rawAssetOf } from './library-assets.ts'
import { openImages } from './library-images.ts'
import type {
  FetchedFrom,
  FirmwareLibrary,
  ImportedSet,
  ImportOptions,
  ImportReport,
  LibraryModule,
  LibrarySet,
} from './library-model.ts'
import { type LibraryStore, openStore } from './library-store.ts'
import { sha256Of } from './module-suffix.ts'
import { inspectModule } from './parse-module.ts'
import { Refusal } from './refusal.ts'
import { runImport } from './run-import.ts'

/** Opens the library under `folder`, made when it is not there. Calls may overlap: writing takes turns. */
export async function openLibrary(folder: string, ports: { readonly clock: Clock }): Promise<FirmwareLibrary> {
  const { clock } = ports
  const store = await mapped('opened', openStore(folder, clock.now()))
  const inTurn = turns()
  const images = await mapped('opened', openImages(join(folder, 'images'), { clock, inTurn, mapped }))
  const read = () => mapped('read', store.readSets())
  const sets = async (): Promise<readonly LibrarySet[]> => (await read()).sets
  const readFile = (sha256: string) => mapped('read', store.readFile(sha256))
  const take = async (
    found: (signal: AbortSignal) => Promise<Discovery>,
    options: ImportOptions,
  ): Promise<ImportReport> => {
    const signal = options.signal ?? new AbortController().signal
    signal.throwIfAborted()
    const origin = { now: clock.now(), fetched: options.fetched ?? null }
    const keep = (built: BuiltSet): Promise<ImportedSet> => inTurn(() => storeSet(built, store, origin))
    return runImport(await found(signal), keep, { ...options, signal })
  }
  const library: FirmwareLibrary = {
    ...answersFrom(sets, readFile),
    importPaths: (paths, options = {}) => take((signal) => discover(paths, { clock, signal }), options),
    importUpload: (name, bytes, options = {}) =>
      take(async (signal) => ({ units: [uploadUnit(name, bytes, { clock, signal })], refused: [] }), options),
    damaged: async () => [...(await read()).damaged, ...(await images.list()).damaged],
    bytesOf: (module) => checkedBytes(module, store),
    images,
    imageOf: (sha256) => images.bytesOf(sha256),
    remove: (setId) => inTurn(() => mapped('written', store.removeSet(setId))),
    within: (ids) => {
      const some = async () => (await sets()).filter(({ id }) => ids.includes(id))
      return { ...library, ...answersFrom(some, readFile) }
    },
  }
  return library
}

type Answers = Pick<
  FirmwareLibrary,
  'modules' | 'sets' | 'findSet' | 'findUser' | 'assetsOf' | 'assetModuleOf' | 'bootRecordOf' | 'rawAssetOf'
>

/** What is answered from sets alone: all of the library, or some of it. */
function answersFrom(sets: () => Promise<readonly LibrarySet[]>, readFile: AssetSource['readFile']): Answers {
  const assets = async (): Promise<AssetSource> => ({ sets: await sets(), readFile })
  return {
    sets,
    modules: async () => listModules(await sets()),
    findSet: async (platform: PlatformName, deviceOs: string) => findSetIn(await sets(), platform, deviceOs),
    findUser: async (platform, wanted) => findUserIn(await sets(), platform, wanted),
    assetsOf: async (application) => assetsOf(application, await assets()),
    assetModuleOf: async (asset) => assetModuleOf(asset, await assets()),
    bootRecordOf: async (platform) => bootRecordOf(platform, await assets()),
    rawAssetOf: async (asset) => rawAssetOf(asset, await assets()),
  }
}

async function storeSet(
  built: BuiltSet,
  store: LibraryStore,
  origin: { readonly now: number; readonly fetched: FetchedFrom | null },
): Promise<ImportedSet> {
  const { sets } = await mapped('read', store.readSets())
  const known = sets.find((set) => set.id === built.set.id)
  const { bootRecord } = built.set
  const fetched = origin.fetched ?? known?.fetched ?? null
  const set: LibrarySet = known
    ? { ...known, bootRecord: known.bootRecord ?? bootRecord, fetched }
    : { ...built.set, importedAt: origin.now, fetched }
  await mapped('written', store.writeSet(set, built.files))
  return { ...set, source: built.set.source, isNew: known === undefined }
}

async function checkedBytes(
  module: Parameters<FirmwareLibrary['bytesOf']>[0],
  store: LibraryStore,
): Promise<Uint8Array> {
  const bytes = await mapped('read', store.readFile(module.sha256))
  const about = `${module.source} (${moduleName(module)}, ${module.sha256})`
  if (bytes === null) throw new Fault('FIRMWARE_CORRUPT', `${about} is not in the library any more`)
  const actual = sha256Of(bytes)
  if (actual !== module.sha256) throw new Fault('FIRMWARE_CORRUPT', `${about} now has SHA-256 ${actual}`)
  if (!isSameHeader(inspected(bytes, module.source), module)) {
    throw new Fault('FIRMWARE_CORRUPT', `${about} has another header than the library index says`)
  }
  return bytes
}

function inspected(bytes: Uint8Array, source: string): LibraryModule {
  try {
    return inspectModule(bytes, { source }).module
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    throw new Fault('FIRMWARE_CORRUPT', thrown.detail, { cause: thrown })
  }
}

/** The index could be edited; where a module goes is taken from the file itself, or not at all. */
function isSameHeader(actual: LibraryModule, stated: Parameters<FirmwareLibrary['bytesOf']>[0]): boolean {
  return (
    sameModule(actual, stated) &&
    actual.platform === stated.platform &&
    actual.version === stated.version &&
    actual.startAddress === stated.startAddress &&
    actual.endAddress === stated.endAddress &&
    actual.dropsHeader === stated.dropsHeader &&
    actual.isSynthetic === stated.isSynthetic &&
    actual.suffixSha256 === stated.suffixSha256
  )
}

/** Runs tasks one after the other, whatever became of the one before. */
function turns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const mine = last.then(task, task)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** The seam to the disk: its errors become one fault here, with the original as cause. */
async function mapped<T>(act: 'opened' | 'read' | 'written', work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('INTERNAL', `the firmware library cannot be ${act}: ${why}`, { cause: thrown })
  }
}
