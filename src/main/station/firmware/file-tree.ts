// Files with relative paths and a way to read each: a folder on disk and a zip archive look the same to the code that
// makes sets of them. Paths use forward slashes; reading is bounded by whoever made the tree.

export interface TreeFile {
  /** "boron/release/boron-tinker@4.0.2.bin" */
  readonly path: string
  read(): Promise<Uint8Array>
}

export interface FileTree {
  /** folder: several user parts may lie side by side. zip: one set for each folder in it. hex: one image of a flash. */
  readonly kind: 'folder' | 'zip' | 'hex'
  /** What the user called it: "boron.zip". */
  readonly name: string
  readonly files: readonly TreeFile[]
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function isModuleFile(path: string): boolean {
  return path.toLowerCase().endsWith('.bin')
}

export function isZipFile(path: string): boolean {
  return path.toLowerCase().endsWith('.zip')
}

export function isHexFile(path: string): boolean {
  return path.toLowerCase().endsWith('.hex')
}

const clutter = new Set(['thumbs.db', 'desktop.ini', '__macosx'])

/** Files that systems scatter, and everything whose name starts with a dot. */
export function isClutter(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || clutter.has(part.toLowerCase()))
}
