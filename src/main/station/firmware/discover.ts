// Turns what the user named (files, folders, uploads) into units of import, each opened only when its turn comes. A
// folder gives one unit for each folder with modules and one for each zip in it.
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { baseOf, type FileTree, folderOf, isHexFile, isModuleFile, isZipFile } from './file-tree.ts'
import { openFolder, readBounded } from './folder-tree.ts'
import { type FileGroup, groupFiles } from './group-files.ts'
import { openHex } from './hex-tree.ts'
import { maxArchiveBytes, maxHexFileBytes, maxManifestBytes, maxModuleFileBytes } from './limits.ts'
import { Refusal, refuser } from './refusal.ts'
import { openZip, type ZipOptions } from './zip-tree.ts'

export interface ImportUnit {
  readonly name: string
  readonly fileCount: number
  open(): Promise<OpenedUnit>
  /** Tried one by one when the unit cannot be taken as a whole: files that were only named together. */
  readonly otherwise: readonly ImportUnit[]
}

export interface OpenedUnit {
  readonly tree: Pick<FileTree, 'kind' | 'name'>
  readonly groups: readonly FileGroup[]
  readonly manifest: Uint8Array | null
  /** Of a HEX: the master boot record, which belongs to no module. */
  readonly bootRecord: Uint8Array | null
}

export interface Discovery {
  readonly units: ImportUnit[]
  readonly refused: Refusal[]
}

export type DiscoverOptions = Pick<ZipOptions, 'clock' | 'signal'>

export async function discover(paths: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const found: Discovery = { units: [], refused: [] }
  const looseModules: string[] = []
  for (const path of new Set(paths.map((each) => resolve(each)))) {
    options.signal.throwIfAborted()
    try {
      if (await isFolder(path)) await discoverFolder(path, { found, options })
      else if (isModuleFile(path)) looseModules.push(path)
      else found.units.push(containerUnit(path, options))
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      found.refused.push(thrown)
    }
  }
  for (const [folder, files] of Map.groupBy(looseModules, dirname)) found.units.push(looseUnit(folder, files))
  return found
}

function containerUnit(path: string, options: DiscoverOptions): ImportUnit {
  const name = basename(path)
  if (isZipFile(path)) return zipUnit(path, name, options)
  return isHexFile(path) ? hexUnit(path, name) : refuseFile(name)
}

/** One file that a door received as bytes; only the last part of its name is kept. */
export function uploadUnit(name: string, bytes: Uint8Array, options: DiscoverOptions): ImportUnit {
  const file = baseOf(name.replaceAll('\\', '/'))
  const open = async (): Promise<OpenedUnit> => {
    if (isModuleFile(file)) return openedModules(file, [{ path: file, read: async () => bytes }])
    if (isHexFile(file)) return openHex(file, bytes)
    if (!isZipFile(file)) return refuseFile(file)
    return openedZip(await openZip(bytes, { ...options, name: file }), null)
  }
  return { name: file, fileCount: 1, open, otherwise: [] }
}

function refuseFile(name: string): never {
  const hint = /\.(dfu|cab)$/i.test(name)
    ? '; for a DFU device that is no Particle board it is imported as an image'
    : ''
  return refuser('parse', name)('UNSUPPORTED_FILE', `not a .bin, a .zip, a .hex or a folder${hint}`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (thrown) {
    return refuser('parse', basename(path))('UNREADABLE', `there is no such file: ${path}`, thrown)
  }
}

async function discoverFolder(
  folder: string,
  into: { readonly found: Discovery; readonly options: DiscoverOptions },
): Promise<void> {
  const { found, options } = into
  const tree = await openFolder(folder, options.signal)
  const groups = groupFiles(tree)
  const zips = tree.files.filter((file) => isZipFile(file.path) && !isAssetOf(file.path, groups))
  const hexFiles = tree.files.filter((file) => isHexFile(file.path) && !isAssetOf(file.path, groups))
  for (const group of groups) {
    const open = async (): Promise<OpenedUnit> => ({ tree, groups: [group], manifest: null, bootRecord: null })
    const name = group.folder === '' ? tree.name : `${tree.name}/${group.folder}`
    found.units.push({ name, fileCount: group.modules.length, open, otherwise: [] })
  }
  for (const { path } of hexFiles) found.units.push(hexUnit(join(folder, path), `${tree.name}/${path}`))
  for (const { path } of zips) found.units.push(zipUnit(join(folder, path), `${tree.name}/${path}`, options))
  if (groups.length + zips.length + hexFiles.length === 0) {
    refuser('set', tree.name)('NO_MODULES', 'no .bin, no .zip and no .hex in this folder')
  }
}

function isAssetOf(path: string, groups: readonly FileGroup[]): boolean {
  return groups.some((group) => group.bundle?.assets.some((asset) => asset.path === path) ?? false)
}

function zipUnit(path: string, name: string, options: DiscoverOptions): ImportUnit {
  const open = async (): Promise<OpenedUnit> => {
    const bytes = await readBounded(path, maxArchiveBytes, refuser('zip', name))
    return openedZip(await openZip(bytes, { ...options, name }), await manifestBeside(path, name))
  }
  return { name, fileCount: 1, open, otherwise: [] }
}

function hexUnit(path: string, name: string): ImportUnit {
  const open = async (): Promise<OpenedUnit> =>
    openHex(name, await readBounded(path, maxHexFileBytes, refuser('hex', name)))
  return { name, fileCount: 1, open, otherwise: [] }
}

function openedZip(tree: FileTree, manifest: Uint8Array | null): OpenedUnit {
  const groups = groupFiles(tree)
  if (groups.length === 0) refuser('set', tree.name)('NO_MODULES', 'no firmware module in the archive')
  return { tree, groups, manifest, bootRecord: null }
}

async function manifestBeside(path: string, name: string): Promise<Uint8Array | null> {
  const beside = path.slice(0, -extname(path).length).concat('.json')
  const isThere = await stat(beside).then(
    (found) => found.isFile(),
    () => false,
  )
  return isThere ? readBounded(beside, maxManifestBytes, refuser('set', name)) : null
}

/** Module files named one by one: those of one folder are a set when they make one, else each is by itself. */
function looseUnit(folder: string, paths: readonly string[]): ImportUnit {
  const [first, ...rest] = paths
  if (first !== undefined && rest.length === 0) return looseModule(first)
  const files = paths.map((path) => ({ path: basename(path), read: () => readModule(path) }))
  const open = async (): Promise<OpenedUnit> => openedModules(basename(folder), files)
  return { name: basename(folder), fileCount: paths.length, open, otherwise: paths.map(looseModule) }
}

function looseModule(path: string): ImportUnit {
  const file = basename(path)
  const open = async (): Promise<OpenedUnit> => openedModules(file, [{ path: file, read: () => readModule(path) }])
  return { name: file, fileCount: 1, open, otherwise: [] }
}

function readModule(path: string): Promise<Uint8Array> {
  return readBounded(path, maxModuleFileBytes, refuser('parse', basename(path)))
}

function openedModules(name: string, modules: FileGroup['modules']): OpenedUnit {
  const group: FileGroup = { folder: folderOf(''), modules, manifests: [], bundle: null }
  return { tree: { kind: 'folder', name }, groups: [group], manifest: null, bootRecord: null }
}
