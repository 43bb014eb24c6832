// The firmware of a pack through the strict importer, in memory: what is refused anywhere else is refused here, signed
// or not. The IDs are those that a library gives to the same files.

import { Fault } from '../../../shared/fault/fault.ts'
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import { buildSet } from '../firmware/build-set.ts'
import { groupFiles } from '../firmware/group-files.ts'
import type { StoredFile } from './stored-zip.ts'

/** IDs of the sets, in the order of their folders. Throws the Refusal of the first module or set that is refused. */
export async function setsOfFiles(files: readonly StoredFile[], name: string): Promise<readonly Sha256[]> {
  const tree = {
    kind: 'zip' as const,
    name,
    files: files.map(({ path, bytes }) => ({ path, read: async () => bytes })),
  }
  const ids: Sha256[] = []
  for (const group of groupFiles(tree).toSorted((a, b) => (a.folder < b.folder ? -1 : 1))) {
    const built = await buildSet(group, { tree, manifest: null, onFile: () => undefined })
    if (!('set' in built)) throw built[0] ?? new Fault('INTERNAL', `${name}: refused without a reason`)
    const id = parseSha256(built.set.id)
    if (!id) throw new Fault('INTERNAL', `${name}: a set without an ID`)
    ids.push(id)
  }
  return ids
}
