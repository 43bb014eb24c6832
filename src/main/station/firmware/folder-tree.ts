// A folder on disk as a file tree, and single files read within bounds. Links to files are followed, links to folders
// are not, so that no walk runs in a circle.
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type FileTree, isClutter, type TreeFile } from './file-tree.ts'
import { maxFolderDepth, maxFolderEntries, maxModuleFileBytes } from './limits.ts'
import { type Refuse, refuser } from './refusal.ts'

/** The whole folder, by name; nothing is read yet. */
export async function openFolder(folder: string, signal: AbortSignal): Promise<FileTree & { readonly folder: string }> {
  const name = basename(resolve(folder))
  const refuse = refuser('set', name)
  const paths: string[] = []
  await walk({ folder, under: '', depth: 0 }, { paths, refuse, signal })
  const files = paths.toSorted().map((path): TreeFile => {
    const read = (): Promise<Uint8Array> =>
      readBounded(join(folder, path), maxModuleFileBytes, refuser('parse', `${name}/${path}`))
    return { path, read }
  })
  return { kind: 'folder', name, files, folder }
}

interface Step {
  readonly folder: string
  readonly under: string
  readonly depth: number
}

interface Walk {
  readonly paths: string[]
  readonly refuse: Refuse
  readonly signal: AbortSignal
}

async function walk(step: Step, all: Walk): Promise<void> {
  if (step.depth > maxFolderDepth) all.refuse('TOO_MANY_ENTRIES', `folders go deeper than ${maxFolderDepth}`)
  const here = join(step.folder, step.under)
  for (const entry of await listed(here, all.refuse)) {
    all.signal.throwIfAborted()
    const path = step.under === '' ? entry.name : `${step.under}/${entry.name}`
    if (isClutter(entry.name)) continue
    if (entry.isDirectory()) await walk({ folder: step.folder, under: path, depth: step.depth + 1 }, all)
    else if (await isFile(join(here, entry.name))) all.paths.push(path)
    if (all.paths.length > maxFolderEntries) all.refuse('TOO_MANY_ENTRIES', `more than ${maxFolderEntries} files`)
  }
}

async function listed(folder: string, refuse: Refuse) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    return refuse('UNREADABLE', `the folder cannot be read: ${messageOf(thrown)}`, thrown)
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

/** The file, of at most `maxBytes`, even when it grows while it is read. */
export async function readBounded(path: string, maxBytes: number, refuse: Refuse): Promise<Uint8Array> {
  // Only plain files are opened: opening a pipe would wait for ever.
  if (!(await isFile(path))) refuse('UNREADABLE', 'not a file that can be read')
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size > maxBytes) return refuse('TOO_LARGE', `${size} bytes; ${maxBytes} is the most that is read`)
    const bytes = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && 'syscall' in thrown) {
      return refuse('UNREADABLE', `cannot be read: ${messageOf(thrown)}`, thrown)
    }
    throw thrown
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
