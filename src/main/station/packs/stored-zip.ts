// The one form that the container of a pack has: a zip whose entries are stored, in the order of their names, without
// dates, attributes or comments. The same files give the same bytes, so a reader can compare every byte of a container
// with what it must be (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16).
import { crc32 } from 'node:zlib'

export interface StoredFile {
  readonly path: string
  readonly bytes: Uint8Array
}

const localSignature = 0x0403_4b50
const centralSignature = 0x0201_4b50
const endSignature = 0x0605_4b50
/** 2.0: the least that has folders in names. */
const version = 20
/** Names are UTF-8. */
const flags = 0x0800
/** 1 January 1980, the first day a zip knows. */
const date = 0x0021

/** The container; paths must be relative, different and at most 65535 bytes long. */
export function writeStoredZip(files: readonly StoredFile[]): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const file of sorted) {
    const name = Buffer.from(file.path, 'utf8')
    const common = commonFields(file.bytes, name.length)
    const header = Buffer.concat([u32(localSignature), common, name])
    local.push(header, Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength))
    // Version of the maker, the common fields, then no comment, disk 0, no attributes.
    central.push(Buffer.concat([u32(centralSignature), u16(version), common, Buffer.alloc(10), u32(offset), name]))
    offset += header.length + file.bytes.length
  }
  const directory = Buffer.concat(central)
  const count = u16(sorted.length)
  const end = [u32(endSignature), Buffer.alloc(4), count, count, u32(directory.length), u32(offset), u16(0)]
  return Buffer.concat([...local, directory, ...end])
}

/** From "version needed" to the length of the extra field: the same 26 bytes in both headers. */
function commonFields(bytes: Uint8Array, nameLength: number): Buffer {
  const stored = u16(0)
  const size = u32(bytes.length)
  return Buffer.concat([
    ...[u16(version), u16(flags), stored, u16(0), u16(date)],
    ...[u32(crc32(bytes)), size, size, u16(nameLength), u16(0)],
  ])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
