// The image files of the library: each under its SHA-256 with a note of where it came from. What an image is is read from
// its bytes every time, so an index that was edited changes nothing.
import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { Fault } from '../../../shared/fault/fault.ts'
import type { ImageFile, ImageShelf } from '../../../shared/model/firmware-view.ts'
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import { maxImageBytes } from '../images/image-limits.ts'
import { parseImages } from '../images/parse-image.ts'
import type { Clock } from '../ports.ts'
import { readBounded } from './folder-tree.ts'
import type { ImageImport, ImportedImage, LibraryImages } from './library-model.ts'
import { sha256Of } from './module-suffix.ts'
import { Refusal, refuser } from './refusal.ts'
import { holds, makeFolder, readIfThere, syncFolder, writeWhole } from './whole-files.ts'

export interface ImagePorts {
  readonly clock: Clock
  /** Writing takes turns with the rest of the library. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>
  /** Errors of the disk become one fault. */
  readonly mapped: <T>(act: 'read' | 'written', work: Promise<T>) => Promise<T>
}

const noteSchema = z.strictObject({
  format: z.literal('dfu-station-image'),
  version: z.literal(1),
  source: z.string(),
  importedAt: z.int().nonnegative(),
})
type Note = z.infer<typeof noteSchema>

const ending = '.json'

interface ImageStore extends ImagePorts {
  readonly folder: string
}

/** Opens the folder, made when it is not there. */
export async function openImages(
  folder: string,
  ports: ImagePorts,
): Promise<LibraryImages & { readonly bytesOf: (sha256: Sha256) => Promise<Uint8Array> }> {
  await makeFolder(folder, ports.clock.now())
  const store: ImageStore = { folder, ...ports }
  return {
    importPaths: (paths) =>
      importAll(
        paths.map((path) => () => fileAt(path)),
        store,
      ),
    importUpload: (name, bytes) => importAll([async () => ({ name: lastPart(name), bytes })], store),
    list: () => ports.mapped('read', list(store)),
    find: (sha256) => ports.mapped('read', find(sha256, store)),
    remove: (sha256) => ports.inTurn(() => ports.mapped('written', remove(sha256, store))),
    bytesOf: async (sha256) => {
      const found = await ports.mapped('read', readWhole(sha256, store))
      if (found) return found.bytes
      throw new Fault('FIRMWARE_MISSING', `the image ${sha256} is not in the library`)
    },
  }
}

interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
}

async function importAll(files: readonly (() => Promise<NamedBytes>)[], store: ImageStore): Promise<ImageImport> {
  const imported: ImportedImage[] = []
  const refused: Refusal[] = []
  for (const open of files) {
    try {
      const file = await open()
      imported.push(await store.inTurn(() => store.mapped('written', keep(file, store))))
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      refused.push(thrown)
    }
  }
  return { imported, refused }
}

async function fileAt(path: string): Promise<NamedBytes> {
  const name = basename(path)
  return { name, bytes: await readBounded(path, maxImageBytes, refuser('image', name)) }
}

/** Names of both kinds of systems come in from doors. */
function lastPart(name: string): string {
  return name.replaceAll('\\', '/').split('/').at(-1) ?? name
}

/** The file before the note that names it. A damaged file is written anew. */
async function keep({ name, bytes }: NamedBytes, { folder, clock }: ImageStore): Promise<ImportedImage> {
  const images = parseImages(bytes, { name }).map(({ image }) => image)
  const sha256 = sha256Of(bytes)
  const known = parseNote(await readIfThere(noteAt(folder, sha256)))
  const isWhole = await holds(join(folder, sha256), sha256)
  const note: Note = known ?? { format: 'dfu-station-image', version: 1, source: name, importedAt: clock.now() }
  if (!isWhole) await writeWhole(folder, sha256, bytes)
  if (known === null) await writeWhole(folder, `${sha256}${ending}`, Buffer.from(`${JSON.stringify(note, null, 1)}\n`))
  await syncFolder(folder)
  const { importedAt } = note
  return { sha256, sizeBytes: bytes.length, source: name, importedAt, images, isNew: known === null || !isWhole }
}

async function list(store: ImageStore): Promise<ImageShelf> {
  const files: ImageFile[] = []
  const damaged: string[] = []
  for (const name of (await readdir(store.folder)).toSorted()) {
    if (!name.endsWith(ending)) continue
    try {
      const found = await find(name.slice(0, -ending.length), store)
      if (found) files.push(found)
      else damaged.push(`images/${name}`)
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      damaged.push(`images/${name}`)
    }
  }
  return { files: files.toSorted((a, b) => b.importedAt - a.importedAt), damaged }
}

async function find(sha256: string, store: ImageStore): Promise<ImageFile | null> {
  const found = await readWhole(sha256, store)
  if (!found) return null
  const { bytes, note } = found
  try {
    const images = parseImages(bytes, { name: note.source }).map(({ image }) => image)
    const { source, importedAt } = note
    return { sha256: found.sha256, sizeBytes: bytes.length, source, importedAt, images }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    throw new Fault('FIRMWARE_CORRUPT', `image ${sha256}: ${thrown.detail}`, { cause: thrown })
  }
}

/** null when there is no note of it. Throws FIRMWARE_CORRUPT when the file is gone or is not what it was. */
async function readWhole(name: string, { folder }: ImageStore) {
  const sha256 = parseSha256(name)
  const text = sha256 === null ? null : await readIfThere(noteAt(folder, sha256))
  if (sha256 === null || text === null) return null
  const note = parseNote(text)
  if (!note) throw new Fault('FIRMWARE_CORRUPT', `image ${sha256}: its note in the library cannot be read`)
  const about = `image ${note.source} (${sha256})`
  const bytes = await readIfThere(join(folder, sha256))
  if (bytes === null) throw new Fault('FIRMWARE_CORRUPT', `${about} is not in the library any more`)
  const actual = sha256Of(bytes)
  if (actual !== sha256) throw new Fault('FIRMWARE_CORRUPT', `${about} now has SHA-256 ${actual}`)
  return { sha256, note, bytes }
}

async function remove(name: string, { folder }: ImageStore): Promise<boolean> {
  const sha256 = parseSha256(name)
  if (sha256 === null || (await readIfThere(noteAt(folder, sha256))) === null) return false
  await rm(noteAt(folder, sha256), { force: true })
  await rm(join(folder, sha256), { force: true })
  await syncFolder(folder)
  return true
}

function noteAt(folder: string, sha256: Sha256): string {
  return join(folder, `${sha256}${ending}`)
}

function parseNote(text: Uint8Array | null): Note | null {
  if (text === null) return null
  try {
    return noteSchema.parse(JSON.parse(Buffer.from(text).toString('utf8')))
  } catch {
    // Damaged, whatever else it is: the file beside it can be imported again.
    return null
  }
}
