// The packs that a station has taken: pack.json and its signature as they came, and a note of when and from where. Each
// look checks them anew, so a pack that was changed on the disk says so. The firmware of a pack lies in the library.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { asFault } from '../../shared/fault/fault.ts'
import { parseSha256, type Sha256 } from '../../shared/model/ids.ts'
import { manifestPath, signaturePath } from '../station/packs/pack-manifest.ts'
import { readSigned, type SignedManifest } from '../station/packs/read-pack.ts'
import type { Log } from '../station/ports.ts'
import { recipeHash } from './recipe-file.ts'
import { writeAtomically } from './write-atomically.ts'

/** Kept beside the pack, since the pack cannot say it. */
const noteSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  recipeId: z.string().transform((text, context): Sha256 => {
    const parsed = parseSha256(text)
    if (parsed === null) context.addIssue('not a SHA-256')
    return parsed ?? z.NEVER
  }),
  takenAt: z.int(),
  takenFrom: z.string(),
  /** Library sets that were made of its files; for a pack that is as it was made, those that it names. */
  sets: z.array(z.string()),
  /** What was found to be altered when it was taken. */
  changes: z.array(z.string()),
})
export type PackNote = z.infer<typeof noteSchema>

export interface TakenPack {
  /** The ID it was taken under. */
  readonly packId: Sha256
  readonly note: PackNote
  /** As it lies there now, with what differs; null where it cannot be read any more. */
  readonly signed: SignedManifest | null
}

export interface PackShelf {
  /** In the order of their names, newest version first. */
  list(): readonly TakenPack[]
  find(packId: string): TakenPack | null
  /** Those with this recipe, in no order. */
  ofRecipe(recipeId: Sha256): readonly TakenPack[]
  /** The same pack taken again replaces its note. Throws CALL_REJECTED when it cannot be written. */
  save(signed: SignedManifest, note: PackNote): void
  remove(packId: string): void
}

const notePath = 'taken.json'
const unfinished = '.new'

export function openPackShelf(folder: string, log: Log): PackShelf {
  const ids = () => readdirSync(folder).flatMap((name) => parseSha256(name) ?? [])
  const list = () => ids().flatMap((packId) => readTaken(join(folder, packId), packId, log) ?? [])
  for (const name of readdirSync(folder)) {
    if (name.endsWith(unfinished)) rmSync(join(folder, name), { recursive: true, force: true })
  }
  return {
    list: () => list().toSorted((a, b) => a.note.name.localeCompare(b.note.name) || b.note.version - a.note.version),
    ofRecipe: (recipeId) =>
      ids().flatMap((packId) => {
        const place = join(folder, packId)
        return readNote(place, log)?.recipeId === recipeId ? (readTaken(place, packId, log) ?? []) : []
      }),
    find: (packId) => list().find((pack) => pack.packId === packId) ?? null,
    save: (signed, note) => {
      const place = join(folder, signed.packId)
      // What is here already is written over file by file: a kill in between must not leave its recipe without its pack.
      if (existsSync(place)) {
        writeTaken(place, signed, note)
        return
      }
      const aside = `${place}${unfinished}`
      rmSync(aside, { recursive: true, force: true })
      mkdirSync(aside)
      writeTaken(aside, signed, note)
      renameSync(aside, place)
      syncFolder(folder)
    },
    remove: (packId) => {
      const known = ids().find((each) => each === packId)
      if (known) rmSync(join(folder, known), { recursive: true, force: true })
    },
  }
}

function writeTaken(place: string, signed: SignedManifest, note: PackNote): void {
  writeAtomically(join(place, manifestPath), signed.manifestBytes)
  if (signed.signatureBytes) writeAtomically(join(place, signaturePath), signed.signatureBytes)
  else rmSync(join(place, signaturePath), { force: true })
  writeAtomically(join(place, notePath), `${JSON.stringify(note, null, 2)}\n`)
}

function readTaken(place: string, packId: Sha256, log: Log): TakenPack | null {
  const note = readNote(place, log)
  return note && { packId, note, signed: readStored(place, packId, { note, log }) }
}

/** Written last: a pack without it was never whole here. */
function readNote(place: string, log: Log): PackNote | null {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(join(place, notePath), 'utf8')))
  } catch (thrown) {
    log.warn(`pack left out: ${place}: ${asFault(thrown).detail.replaceAll(/\s+/g, ' ')}`)
    return null
  }
}

function readStored(
  place: string,
  packId: Sha256,
  { note, log }: { readonly note: PackNote; readonly log: Log },
): SignedManifest | null {
  try {
    const signature = join(place, signaturePath)
    const signatureBytes = existsSync(signature) ? readFileSync(signature) : null
    const signed = readSigned(readFileSync(join(place, manifestPath)), signatureBytes, place)
    const moved = signed.packId === packId ? [] : [`${manifestPath} was changed after the pack was taken`]
    // The note beside it could have been edited: what is signed is the recipe in pack.json and no other.
    const isItsRecipe = recipeHash(signed.manifest.recipe) === note.recipeId
    const other = isItsRecipe ? [] : ['the recipe that was noted is not the one in the pack']
    return { ...signed, changes: [...note.changes, ...moved, ...other, ...signed.changes] }
  } catch (thrown) {
    log.warn(`${note.name} version ${note.version}: ${asFault(thrown).message}`)
    return null
  }
}

/** A rename lasts through a power cut only when its folder is synced; Windows cannot, and does not need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
