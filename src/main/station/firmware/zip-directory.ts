// Our own reading of a zip's central directory, before any library unpacks a byte: counts, names, sizes, methods,
// overlaps. What passes here is plain enough that two readers cannot disagree about it (APPNOTE.TXT 4.3, 4.4).
import { maxArchiveEntries, maxPackingRatio, packingRatioAppliesFromBytes } from './limits.ts'
import { viewOf } from './module-format.ts'
import type { Refuse } from './refusal.ts'
import { checkEntryName, decodeName, secondNameOf } from './zip-names.ts'

export interface ZipEntry {
  readonly name: string
  readonly isFolder: boolean
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly crc: number
}

interface RawEntry extends ZipEntry {
  readonly nameBytes: Uint8Array
  readonly method: number
  readonly localOffset: number
}

const endSignature = 0x0605_4b50
const centralSignature = 0x0201_4b50
const localSignature = 0x0403_4b50
const endSize = 22
const centralSize = 46
const localSize = 30
const methods = { stored: 0, deflated: 8 } as const
const zip64Mark = 0xffff_ffff

/** Every entry of the archive, checked. Throws by `refuse`; touches no packed data. */
export function readZipDirectory(bytes: Uint8Array, refuse: Refuse): readonly ZipEntry[] {
  const directory = findDirectory(bytes, refuse)
  const entries: RawEntry[] = []
  let at = directory.offset
  for (let left = directory.count; left > 0; left--) {
    const { entry, next } = readEntry(bytes, { at, end: directory.end }, refuse)
    entries.push(entry)
    at = next
  }
  if (at !== directory.end) refuse('BAD_ZIP', 'the archive directory has other entries than it counts')
  refuseDuplicates(entries, refuse)
  checkLocalHeaders(bytes, { entries, dataEnd: directory.offset }, refuse)
  return entries
}

interface Directory {
  readonly offset: number
  readonly end: number
  readonly count: number
}

function findDirectory(bytes: Uint8Array, refuse: Refuse): Directory {
  const view = viewOf(bytes)
  const at = findEndRecord(view)
  if (at === null) return refuse('BAD_ZIP', 'not a zip archive, or cut short: it has no archive directory')
  const u16 = (offset: number): number => view.getUint16(at + offset, true)
  const count = u16(10)
  const sizeBytes = view.getUint32(at + 12, true)
  const offset = view.getUint32(at + 16, true)
  if (count === 0xffff || sizeBytes === zip64Mark || offset === zip64Mark) refuse('UNSUPPORTED_ZIP', 'a zip64 archive')
  if (u16(4) !== 0 || u16(6) !== 0 || u16(8) !== count) refuse('UNSUPPORTED_ZIP', 'an archive in several parts')
  if (at + endSize + u16(20) !== bytes.length) refuse('BAD_ZIP', 'bytes after the end of the archive')
  if (offset + sizeBytes !== at) refuse('BAD_ZIP', 'the archive directory is not where the archive says')
  if (count === 0) refuse('EMPTY_ARCHIVE', 'the archive is empty')
  if (count > maxArchiveEntries) {
    refuse('TOO_MANY_ENTRIES', `${count} entries; ${maxArchiveEntries} is the most that is read`)
  }
  return { offset, end: at, count }
}

/** The last end record in the file; a comment of up to 65535 bytes may follow it. */
function findEndRecord(view: DataView): number | null {
  const last = view.byteLength - endSize
  const first = Math.max(0, last - 0xffff)
  for (let at = last; at >= first; at--) if (view.getUint32(at, true) === endSignature) return at
  return null
}

function readEntry(bytes: Uint8Array, space: { readonly at: number; readonly end: number }, refuse: Refuse) {
  const { at, end } = space
  const view = viewOf(bytes)
  if (at + centralSize > end || view.getUint32(at, true) !== centralSignature) {
    refuse('BAD_ZIP', 'a broken entry in the archive directory')
  }
  const u16 = (offset: number): number => view.getUint16(at + offset, true)
  const u32 = (offset: number): number => view.getUint32(at + offset, true)
  const nameEnd = at + centralSize + u16(28)
  const extraEnd = nameEnd + u16(30)
  const next = extraEnd + u16(32)
  if (next > end) refuse('BAD_ZIP', 'a broken entry in the archive directory')
  const nameBytes = bytes.subarray(at + centralSize, nameEnd)
  const name = decodeName(nameBytes, refuse)
  checkEntryName(name, refuse)
  if (secondNameOf(bytes.subarray(nameEnd, extraEnd), name) !== name) refuse('UNSAFE_PATH', `"${name}" has two names`)
  const attributes = u32(38)
  const entry: RawEntry = {
    name,
    isFolder: name.endsWith('/') || (attributes & 0x10) !== 0,
    packedBytes: u32(20),
    sizeBytes: u32(24),
    crc: u32(16),
    nameBytes,
    method: u16(10),
    localOffset: u32(42),
  }
  checkKind(entry, { flags: u16(8), unixMode: attributes >>> 16, disk: u16(34) }, refuse)
  checkSizes(entry, refuse)
  return { entry, next }
}

interface EntryKind {
  readonly flags: number
  readonly unixMode: number
  readonly disk: number
}

function checkKind(entry: RawEntry, kind: EntryKind, refuse: Refuse): void {
  const isEncrypted = (kind.flags & 0x2041) !== 0
  if (isEncrypted) refuse('UNSUPPORTED_ZIP', `"${entry.name}" is encrypted`)
  if (entry.method !== methods.stored && entry.method !== methods.deflated) {
    refuse('UNSUPPORTED_ZIP', `"${entry.name}" is packed by method ${entry.method}`)
  }
  if (kind.disk !== 0) refuse('UNSUPPORTED_ZIP', 'an archive in several parts')
  const fileType = kind.unixMode & 0xf000
  if (fileType === 0xa000) refuse('UNSAFE_ENTRY', `"${entry.name}" is a symbolic link`)
  const isPlain = fileType === 0 || fileType === 0x8000 || fileType === 0x4000
  if (!isPlain) refuse('UNSAFE_ENTRY', `"${entry.name}" is neither a file nor a folder`)
}

function checkSizes(entry: RawEntry, refuse: Refuse): void {
  const { name, packedBytes, sizeBytes } = entry
  if (packedBytes === zip64Mark || sizeBytes === zip64Mark || entry.localOffset === zip64Mark) {
    refuse('UNSUPPORTED_ZIP', `"${name}" is a zip64 entry`)
  }
  if (entry.method === methods.stored && packedBytes !== sizeBytes) refuse('BAD_ZIP', `"${name}" has two sizes`)
  if (sizeBytes > packingRatioAppliesFromBytes && sizeBytes > packedBytes * maxPackingRatio) {
    refuse('TOO_LARGE', `"${name}" would unpack from ${packedBytes} to ${sizeBytes} bytes, which no firmware does`)
  }
}

/** Names that differ in case alone are one file on half of all computers. */
function refuseDuplicates(entries: readonly ZipEntry[], refuse: Refuse): void {
  const seen = new Set<string>()
  for (const { name } of entries) {
    const folded = name.toLowerCase().replace(/\/$/, '')
    if (seen.has(folded)) refuse('DUPLICATE_ENTRY', `two entries are called "${name}"`)
    seen.add(folded)
  }
}

/** Each entry has packed bytes of its own, and its local header says the same as the directory. */
function checkLocalHeaders(
  bytes: Uint8Array,
  layout: { readonly entries: readonly RawEntry[]; readonly dataEnd: number },
  refuse: Refuse,
): void {
  const view = viewOf(bytes)
  let free = 0
  for (const entry of layout.entries.toSorted((a, b) => a.localOffset - b.localOffset)) {
    const at = entry.localOffset
    const broken = (): never =>
      refuse('BAD_ZIP', `the header of "${entry.name}" is broken or shared with another entry`)
    if (at < free || at + localSize > layout.dataEnd || view.getUint32(at, true) !== localSignature) broken()
    const nameLength = view.getUint16(at + 26, true)
    const name = bytes.subarray(at + localSize, at + localSize + nameLength)
    if (view.getUint16(at + 8, true) !== entry.method || !equalBytes(name, entry.nameBytes)) broken()
    const dataStart = at + localSize + nameLength + view.getUint16(at + 28, true)
    free = dataStart + entry.packedBytes
    if (free > layout.dataEnd) broken()
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
