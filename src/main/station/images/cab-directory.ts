// What a cabinet says it holds ([MS-CAB] 2.1 to 2.3): header, folders and files. Every count, offset and size is checked
// against the file before anything is unpacked.
import { viewOf } from '../firmware/module-format.ts'
import type { Refuse } from '../firmware/refusal.ts'
import { maxCabFiles } from './image-limits.ts'

export interface CabFolder {
  /** Where its first block of data begins in the cabinet. */
  readonly offset: number
  readonly blocks: number
  readonly compression: 'stored' | 'mszip'
}

export interface CabEntry {
  readonly name: string
  readonly folder: number
  /** In the unpacked folder. */
  readonly offset: number
  readonly sizeBytes: number
}

export interface CabDirectory {
  readonly folders: readonly CabFolder[]
  readonly entries: readonly CabEntry[]
  /** Reserved bytes in the head of every block. */
  readonly reservedInBlock: number
  /** An Authenticode signature stands behind the cabinet. */
  readonly isSigned: boolean
}

const headerBytes = 36
const folderBytes = 8
const entryBytes = 16
const maxNameBytes = 256
const flagBits = { previous: 1, next: 2, reserve: 4 } as const
const utf8Name = 0x80
/** Folder numbers that stand for "goes on in another cabinet". */
const firstContinued = 0xfffd

export function isCab(bytes: Uint8Array): boolean {
  return [0x4d, 0x53, 0x43, 0x46].every((byte, at) => bytes[at] === byte)
}

interface Reading {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly refuse: Refuse
  at: number
}

/** Refuses TRUNCATED, SIZE_MISMATCH, BAD_VERSION, BAD_CAB, UNSUPPORTED_CAB, NO_ELEMENTS, TOO_LARGE and DUPLICATE_ENTRY. */
export function readCabDirectory(bytes: Uint8Array, refuse: Refuse): CabDirectory {
  if (bytes.length < headerBytes) refuse('TRUNCATED', 'the file ends inside the header of its cabinet')
  const reading: Reading = { bytes, view: viewOf(bytes), refuse, at: headerBytes }
  const header = readHeader(reading)
  const reserve = readReserve(reading, header.flags)
  const isSigned = checkLength(reading, header.sizeBytes, reserve.header)
  need(reading, header.folders * (folderBytes + reserve.inFolder), 'its folders')
  const folders = Array.from({ length: header.folders }, () => readFolder(reading, reserve.inFolder))
  if (header.filesAt < reading.at) refuse('BAD_CAB', 'the list of files lies over the folders')
  reading.at = header.filesAt
  const entries = Array.from({ length: header.files }, () => readEntry(reading, folders.length))
  const names = entries.map(({ name }) => name.toLowerCase())
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) refuse('DUPLICATE_ENTRY', `the cabinet has two files called ${JSON.stringify(twice)}`)
  return { folders, entries, reservedInBlock: reserve.inBlock, isSigned }
}

function readHeader({ view, refuse }: Reading) {
  for (const at of [4, 12, 20]) {
    if (view.getUint32(at, true) !== 0) refuse('BAD_CAB', `the reserved field at ${at} of the cabinet is not 0`)
  }
  const [minor, major] = [view.getUint8(24), view.getUint8(25)]
  if (major !== 1 || minor !== 3) refuse('BAD_VERSION', `cabinet format ${major}.${minor}; there is 1.3 alone`)
  const flags = view.getUint16(30, true)
  if ((flags & (flagBits.previous | flagBits.next)) !== 0) {
    refuse('UNSUPPORTED_CAB', 'a cabinet that goes on in another file')
  }
  if ((flags & ~flagBits.reserve) !== 0) refuse('BAD_CAB', `flags 0x${flags.toString(16)} of the cabinet do not exist`)
  const [folders, files] = [view.getUint16(26, true), view.getUint16(28, true)]
  if (folders === 0 || files === 0) refuse('NO_ELEMENTS', 'the cabinet is empty')
  if (files > maxCabFiles || folders > maxCabFiles) {
    refuse('TOO_LARGE', `${files} files in ${folders} folders; ${maxCabFiles} is the most`)
  }
  return { sizeBytes: view.getUint32(8, true), filesAt: view.getUint32(16, true), folders, files, flags }
}

function readReserve(reading: Reading, flags: number) {
  if ((flags & flagBits.reserve) === 0) return { header: new Uint8Array(0), inFolder: 0, inBlock: 0 }
  need(reading, 4, 'its reserved sizes')
  const { bytes, view, at } = reading
  const headerReserve = view.getUint16(at, true)
  reading.at += 4
  need(reading, headerReserve, 'its reserved bytes')
  reading.at += headerReserve
  const header = bytes.subarray(at + 4, reading.at)
  return { header, inFolder: view.getUint8(at + 2), inBlock: view.getUint8(at + 3) }
}

/** True where what stands behind the cabinet is the Authenticode signature that its reserved bytes name. */
function checkLength({ bytes, refuse }: Reading, stated: number, reserved: Uint8Array): boolean {
  const behind = bytes.length - stated
  if (behind === 0) return false
  if (behind < 0) refuse('TRUNCATED', `the cabinet says ${stated} bytes, the file has ${bytes.length}`)
  const view = viewOf(reserved)
  const isNamed = reserved.length >= 16 && view.getUint32(4 + 0, true) === stated && view.getUint32(8, true) === behind
  if (!isNamed) refuse('SIZE_MISMATCH', `${behind} bytes stand behind the cabinet`)
  return true
}

function readFolder(reading: Reading, reserved: number): CabFolder {
  const { view, refuse, at, bytes } = reading
  const offset = view.getUint32(at, true)
  const blocks = view.getUint16(at + 4, true)
  const type = view.getUint16(at + 6, true)
  reading.at += folderBytes + reserved
  if (offset > bytes.length) refuse('TRUNCATED', `the data of a folder begin at ${offset}, behind the end of the file`)
  if (type === 0) return { offset, blocks, compression: 'stored' }
  if (type === 1) return { offset, blocks, compression: 'mszip' }
  const names: Readonly<Record<number, string>> = { 2: 'Quantum', 3: 'LZX' }
  const name = names[type & 0x0f] ?? `method 0x${type.toString(16)}`
  return refuse('UNSUPPORTED_CAB', `packed with ${name}; stored and MSZIP cabinets are read, which is what fwupd makes`)
}

function readEntry(reading: Reading, folders: number): CabEntry {
  const { view, bytes, refuse, at } = reading
  need(reading, entryBytes + 1, 'the list of its files')
  const folder = view.getUint16(at + 8, true)
  if (folder >= firstContinued) refuse('UNSUPPORTED_CAB', 'a file that goes on in another cabinet')
  const from = at + entryBytes
  const zero = bytes.subarray(from, from + maxNameBytes).indexOf(0)
  if (zero < 0) refuse('BAD_CAB', 'a file name without an end')
  const name = readName(bytes.subarray(from, from + zero), (view.getUint16(at + 14, true) & utf8Name) !== 0, refuse)
  if (folder >= folders) refuse('BAD_CAB', `${name} is in folder ${folder} of ${folders}`)
  reading.at = from + zero + 1
  return { name, folder, offset: view.getUint32(at + 4, true), sizeBytes: view.getUint32(at, true) }
}

/** The last part of a path: metainfo names no folders. */
function readName(field: Uint8Array, isUtf8: boolean, refuse: Refuse): string {
  const text = isUtf8 ? utf8(field, refuse) : Buffer.from(field).toString('latin1')
  const name = text.replaceAll('\\', '/').split('/').at(-1) ?? ''
  if (name === '' || /\p{Cc}/u.test(name)) refuse('BAD_CAB', 'a file without a name that can be read')
  return name
}

function utf8(field: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(field)
  } catch (thrown) {
    return refuse('BAD_CAB', 'a file name that says it is UTF-8 and is not', thrown)
  }
}

function need({ bytes, at, refuse }: Reading, count: number, what: string): void {
  if (bytes.length - at < count) refuse('TRUNCATED', `the cabinet ends inside ${what}`)
}
