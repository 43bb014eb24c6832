// The files that a person chose or dropped, each with its path inside what was chosen.
import type { DropItem } from 'react-aria-components'

export interface ChosenFile {
  /** "boron/system-part1.bin": relative, with slashes. */
  readonly path: string
  readonly file: File
}

export function pickedFiles(files: readonly File[]): readonly ChosenFile[] {
  return files.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** Folders are walked to their ends. */
export async function droppedFiles(
  items: Iterable<DropItem> | AsyncIterable<DropItem>,
): Promise<readonly ChosenFile[]> {
  return walk(items, '')
}

async function walk(
  items: Iterable<DropItem> | AsyncIterable<DropItem>,
  folder: string,
): Promise<readonly ChosenFile[]> {
  const found: ChosenFile[] = []
  for await (const item of items) {
    if (item.kind === 'file') found.push({ path: folder + item.name, file: await item.getFile() })
    if (item.kind === 'directory') found.push(...(await walk(item.getEntries(), `${folder}${item.name}/`)))
  }
  return found
}
