// User firmware from an address into the library: fetched once, by an engineer, checked against the hash that was
// pinned, and taken only when it is one user part or one application bundle. Jobs only ever read the library.
import { Fault } from '../../shared/fault/fault.ts'
import type { FetchedFirmware } from '../../shared/model/firmware-view.ts'
import type { FirmwareLibrary, LibrarySet } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'
import { sha256Of } from '../station/firmware/module-suffix.ts'
import { refuser } from '../station/firmware/refusal.ts'
import { type DownloadOptions, download } from './download.ts'

export interface FetchWish {
  readonly url: string
  /** Of what comes from the address; null takes what comes, and its hash is recorded. */
  readonly sha256: string | null
}

/** Throws the Refusal of the address, of the hash or of the file; then nothing was stored. */
export async function fetchUserFirmware(
  wish: FetchWish,
  library: FirmwareLibrary,
  options: DownloadOptions,
): Promise<FetchedFirmware> {
  const { url, bytes } = await download(wish.url, options)
  const sha256 = sha256Of(bytes)
  if (wish.sha256 !== null && sha256 !== wish.sha256) {
    refuser('fetch', wish.url)('HASH_MISMATCH', `what came has SHA-256 ${sha256}, wanted ${wish.sha256}`)
  }
  options.signal.throwIfAborted()
  const accept = (set: Pick<LibrarySet, 'modules' | 'others' | 'source'>): void => {
    userOf(set, wish.url)
  }
  const fetched = { url, sha256 }
  const report = await library.importUpload(fileName(url, bytes), bytes, { accept, fetched, signal: options.signal })
  if (report.refused[0]) throw report.refused[0]
  const [set] = report.imported
  if (!set) throw new Fault('INTERNAL', `${wish.url}: nothing was imported and nothing refused`)
  const user = userOf(set, wish.url)
  const { platform, sha256: userSha256 } = user
  return { url, sha256, sizeBytes: bytes.length, platform, userSha256, isNew: set.isNew }
}

/** The packed form of the same user part may lie beside it. */
function userOf({ modules, others }: Pick<LibrarySet, 'modules' | 'others'>, url: string): BoardModule {
  const [user] = modules
  const isUserAlone = [...modules, ...others].every(({ kind }) => kind === 'user')
  if (user && modules.length === 1 && isUserAlone) return user
  const held = [...modules, ...others].map(({ kind, index }) => (index === 0 ? kind : `${kind} ${index}`)).join(', ')
  return refuser('fetch', url)('NOT_USER_FIRMWARE', `holds ${held}; wanted one user firmware or its bundle`)
}

const zipMark = [0x50, 0x4b]
const hexMark = 0x3a

/** The last part of the address, with the ending that its content asks for. */
function fileName(url: string, bytes: Uint8Array): string {
  const last = decodedLast(new URL(url).pathname)
  const ending = zipMark.every((byte, at) => bytes[at] === byte) ? '.zip' : bytes[0] === hexMark ? '.hex' : '.bin'
  return last.toLowerCase().endsWith(ending) ? last : `${last}${ending}`
}

function decodedLast(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1) || 'firmware'
  try {
    return decodeURIComponent(last)
      .replaceAll(/[\p{Cc}/\\:]/gu, '_')
      .slice(0, 120)
  } catch {
    // Not valid percent encoding: shown as it is.
    return last.slice(0, 120)
  }
}

/** The user firmware that was fetched with this hash, or whose own hash it is. FIRMWARE_MISSING when there is none. */
export function fetchedUser(
  wish: { readonly url: string; readonly sha256: string },
  sets: readonly LibrarySet[],
): BoardModule {
  const holder = sets.find((set) => set.fetched?.sha256 === wish.sha256)
  const user = (holder ? holder.modules : sets.flatMap((set) => set.modules)).find(
    (module) => module.kind === 'user' && (holder || module.sha256 === wish.sha256),
  )
  if (user) return user
  throw new Fault(
    'FIRMWARE_MISSING',
    `${wish.url} (${wish.sha256}) is not in the library: an engineer must fetch it first`,
  )
}
