// Which files of a tree belong together: each folder with .bin files is one set, and a folder with an "assets" folder
// or an env.json beside its .bin is an application bundle. Works on paths alone; nothing is read here.
import { envAssetName } from './env-asset.ts'
import { baseOf, type FileTree, folderOf, isModuleFile, type TreeFile } from './file-tree.ts'

export interface FileGroup {
  /** "" for the root of the tree. */
  readonly folder: string
  readonly modules: readonly TreeFile[]
  /** JSON files beside them that may be a manifest of them. */
  readonly manifests: readonly TreeFile[]
  /** Present when the group is an application bundle. */
  readonly bundle: BundleFiles | null
}

export interface BundleFiles {
  readonly assets: readonly TreeFile[]
  readonly env: TreeFile | null
  /** The same in the form of an asset, which the application does not name. */
  readonly encodedEnv: TreeFile | null
}

const assetFolder = 'assets'
const envFile = 'env.json'

export function groupFiles(tree: FileTree): readonly FileGroup[] {
  const byFolder = Map.groupBy(tree.files, (file) => folderOf(file.path))
  const holders = new Set(tree.files.filter((file) => isModuleFile(file.path)).map((file) => folderOf(file.path)))
  const groups: FileGroup[] = []
  for (const [folder, files] of byFolder) {
    if (!holders.has(folder) || isInsideAssets(folder, holders)) continue
    const modules = files.filter((file) => isModuleFile(file.path))
    const env = files.find((file) => baseOf(file.path) === envFile) ?? null
    const assets = byFolder.get(join(folder, assetFolder)) ?? []
    const isBundle = env !== null || assets.length > 0
    const encodedEnv = assets.find((file) => baseOf(file.path) === envAssetName) ?? null
    groups.push({
      folder,
      modules,
      manifests: files.filter((file) => mayBeManifest(file, files)),
      bundle: isBundle ? { assets, env, encodedEnv } : null,
    })
  }
  return groups
}

/** The .json of an archive lies beside the archive and speaks of that alone. */
function mayBeManifest({ path }: TreeFile, siblings: readonly TreeFile[]): boolean {
  if (!path.toLowerCase().endsWith('.json') || baseOf(path) === envFile) return false
  const stem = path.slice(0, -'.json'.length)
  return !siblings.some((other) => other.path === `${stem}.zip` || other.path === `${stem}.hex`)
}

/** An asset may be called .bin; it is no module of its own where an application stands beside its folder. */
function isInsideAssets(folder: string, holders: ReadonlySet<string>): boolean {
  const parts = folder.split('/')
  return parts.some((part, at) => part === assetFolder && holders.has(parts.slice(0, at).join('/')))
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
