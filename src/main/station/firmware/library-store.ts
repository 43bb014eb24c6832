// The library on disk: files named by their SHA-256, and one index record for each set. Everything is written aside,
// synced and renamed, files before the record that names them; so a kill at any point leaves whole sets, and at worst
// files that no set names. It must not know how sets are made.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LibrarySet } from './library-model.ts'
import { filesOf, parseSetRecord, setRecord } from './set-record.ts'
import { holds, makeFolder, readIfThere, syncFolder, writeWhole } from './whole-files.ts'

export interface LibraryStore {
  /** Whole records, and the names of those that are damaged. */
  readSets(): Promise<{ readonly sets: readonly LibrarySet[]; readonly damaged: readonly string[] }>
  /** Writes what is missing or damaged of the files, then the record. */
  writeSet(set: LibrarySet, files: ReadonlyMap<string, Uint8Array>): Promise<void>
  /** The file of that SHA-256, or null when it is not there; its content is not checked. */
  readFile(sha256: string): Promise<Uint8Array | null>
  /** Removes the record, then the files that no other record names. False when there is no such record. */
  removeSet(id: string): Promise<boolean>
}

export async function openStore(folder: string, now: number): Promise<LibraryStore> {
  const files = join(folder, 'files')
  const sets = join(folder, 'sets')
  for (const each of [files, sets]) await makeFolder(each, now)
  const readSets = () => readRecords(sets)
  return {
    readSets,
    writeSet: async (set, contents) => {
      for (const [name, bytes] of contents) {
        if (!(await holds(join(files, name), name))) await writeWhole(files, name, bytes)
      }
      await syncFolder(files)
      await writeWhole(sets, `${set.id}.json`, Buffer.from(setRecord(set)))
      await syncFolder(sets)
    },
    readFile: (sha256) => readIfThere(join(files, sha256)),
    removeSet: async (id) => {
      const { sets: all } = await readSets()
      const gone = all.find((set) => set.id === id)
      if (gone === undefined) return false
      await rm(join(sets, `${id}.json`), { force: true })
      await syncFolder(sets)
      const kept = new Set(all.filter((set) => set.id !== id).flatMap(filesOf))
      for (const name of filesOf(gone)) if (!kept.has(name)) await rm(join(files, name), { force: true })
      return true
    },
  }
}

async function readRecords(folder: string) {
  const sets: LibrarySet[] = []
  const damaged: string[] = []
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  for (const name of names.toSorted()) {
    const bytes = await readIfThere(join(folder, name))
    if (bytes === null) continue
    const set = parseSetRecord(Buffer.from(bytes).toString('utf8'))
    if (set !== null && name === `${set.id}.json`) sets.push(set)
    else damaged.push(name)
  }
  return { sets, damaged }
}
