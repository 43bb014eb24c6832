// Files of the library on disk, each there whole or not at all, whatever moment the power goes: written aside, synced,
// renamed. It must not know what the files are.
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of } from './module-suffix.ts'

const temporary = '.part'
/** A temporary file this old belongs to no import that still runs. */
const abandonedAfterMs = 60 * 60 * 1000

/** Makes the folder where it is missing, and clears away what an import that was cut off left in it. */
export async function makeFolder(folder: string, now: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  await sweep(folder, now)
}

/** A damaged file is not held: importing it again mends it. */
export async function holds(path: string, sha256: string): Promise<boolean> {
  const bytes = await readIfThere(path)
  return bytes !== null && sha256Of(bytes) === sha256
}

/** Written aside, synced and renamed: it is there whole or not at all. */
export async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const aside = join(folder, `${name}.${randomUUID()}${temporary}`)
  try {
    await using file = await open(aside, 'wx')
    await file.writeFile(bytes)
    await file.sync()
  } catch (thrown) {
    await rm(aside, { force: true })
    throw thrown
  }
  await rename(aside, join(folder, name))
}

/** A rename lasts through a power cut only when its folder is synced; Windows cannot, and does not need it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}

export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null
    throw thrown
  }
}

async function sweep(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(temporary)) continue
    const path = join(folder, name)
    const age = await stat(path).then(
      (found) => now - found.mtimeMs,
      () => 0,
    )
    if (age > abandonedAfterMs) await rm(path, { force: true })
  }
}
