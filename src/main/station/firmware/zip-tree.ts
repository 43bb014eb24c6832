// A zip archive as a file tree. Our directory reader judges first; jszip only unpacks, entry by entry, into a buffer of
// the size that was judged, and every entry must end at that size with its CRC-32. Nothing is written to disk.
import { crc32 } from 'node:zlib'
import JSZip from 'jszip'
import type { Clock } from '../ports.ts'
import { type FileTree, isClutter } from './file-tree.ts'
import { maxArchiveBytes, maxArchiveMs, maxModuleFileBytes, maxUnpackedBytes } from './limits.ts'
import { type Refuse, refuser } from './refusal.ts'
import { readZipDirectory, type ZipEntry } from './zip-directory.ts'

export interface ZipOptions {
  readonly name: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Of one file in it; absent: as much as a module has at most. */
  readonly maxEntryBytes?: number
}

/** Throws Refusals of layer zip, here and from each read; rejects with the signal's reason when aborted. */
export async function openZip(bytes: Uint8Array, options: ZipOptions): Promise<FileTree> {
  const refuse = refuser('zip', options.name)
  if (bytes.length === 0) refuse('EMPTY_FILE', 'the file is empty')
  if (bytes.length > maxArchiveBytes) refuse('TOO_LARGE', `${bytes.length} bytes; ${maxArchiveBytes} is the most`)
  const entries = readZipDirectory(bytes, refuse).filter((entry) => !entry.isFolder && !isClutter(entry.name))
  const archive = await load(bytes, refuse)
  const { signal, clock, maxEntryBytes = maxModuleFileBytes } = options
  const budget = { unpackedBytes: 0, deadline: clock.monotonic() + maxArchiveMs }
  const read = async (entry: ZipEntry): Promise<Uint8Array> => {
    signal.throwIfAborted()
    if (clock.monotonic() > budget.deadline) refuse('TOO_SLOW', `unpacking took more than ${maxArchiveMs} ms`)
    if (entry.sizeBytes > maxEntryBytes) {
      refuse('TOO_LARGE', `"${entry.name}" says ${entry.sizeBytes} bytes; ${maxEntryBytes} is the most`)
    }
    budget.unpackedBytes += entry.sizeBytes
    if (budget.unpackedBytes > maxUnpackedBytes) refuse('TOO_LARGE', `unpacks to more than ${maxUnpackedBytes} bytes`)
    return unpack(archive, entry, refuse)
  }
  return {
    kind: 'zip',
    name: options.name,
    files: entries.map((entry) => ({ path: entry.name, read: () => read(entry) })),
  }
}

async function load(bytes: Uint8Array, refuse: Refuse): Promise<JSZip> {
  try {
    return await JSZip.loadAsync(bytes, { checkCRC32: false, createFolders: false })
  } catch (thrown) {
    return refuse('BAD_ZIP', 'the archive cannot be read', thrown)
  }
}

async function unpack(archive: JSZip, entry: ZipEntry, refuse: Refuse): Promise<Uint8Array> {
  const found = archive.files[entry.name] ?? refuse('BAD_ZIP', `"${entry.name}" cannot be found again`)
  const bytes = await collect(found, entry.sizeBytes)
  if (bytes === null)
    return refuse('BAD_ZIP', `"${entry.name}" does not unpack to the ${entry.sizeBytes} bytes it says`)
  if (crc32(bytes) !== entry.crc) refuse('BAD_ZIP', `"${entry.name}" does not match its CRC-32`)
  return bytes
}

/** jszip documents internalStream and leaves it out of its types. */
interface StreamedEntry {
  internalStream(type: 'uint8array'): JSZip.JSZipStreamHelper<Uint8Array>
}

/** Exactly `sizeBytes` bytes, or null; what an entry holds beyond them is dropped as it comes and unpacking stops. */
function collect(entry: JSZip.JSZipObject, sizeBytes: number): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const bytes = new Uint8Array(sizeBytes)
    let filled = 0
    const stream = (entry as unknown as StreamedEntry).internalStream('uint8array')
    stream.on('data', (chunk) => {
      if (filled + chunk.length > sizeBytes) {
        filled = sizeBytes + 1
        stream.pause()
        resolve(null)
        return
      }
      bytes.set(chunk, filled)
      filled += chunk.length
    })
    stream.on('error', () => resolve(null))
    stream.on('end', () => resolve(filled === sizeBytes ? bytes : null))
    stream.resume()
  })
}
