// Writes zip archives byte by byte, so that tests can make the ones no library would write. Shares nothing with the
// reader under test.
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipDraft {
  readonly name: string | Uint8Array
  readonly bytes?: Uint8Array
  readonly stored?: boolean
  /** Replaces the packed bytes, or the fields that describe them. */
  readonly packed?: Uint8Array
  readonly sizeBytes?: number
  readonly crc?: number
  readonly method?: number
  readonly flags?: number
  readonly attributes?: number
  readonly extra?: Uint8Array
  readonly localName?: string
  /** Points at the local header of an earlier entry, as overlapping bombs do. */
  readonly sharesHeaderOf?: number
}

export function buildZip(drafts: readonly ZipDraft[], comment = ''): Uint8Array {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  for (const draft of drafts) {
    const entry = describeEntry(draft)
    const shared = draft.sharesHeaderOf === undefined ? undefined : offsets[draft.sharesHeaderOf]
    offsets.push(shared ?? offset)
    central.push(centralHeader(draft, entry, shared ?? offset))
    if (shared !== undefined) continue
    const local = Buffer.concat([localHeader(draft, entry), entry.packed])
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(drafts.length, 8)
  end.writeUInt16LE(drafts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)])
}

interface Described {
  readonly packed: Uint8Array
  readonly sizeBytes: number
  readonly crc: number
  readonly method: number
}

function describeEntry(draft: ZipDraft): Described {
  const bytes = draft.bytes ?? new Uint8Array(0)
  return {
    packed: draft.packed ?? (draft.stored === true ? bytes : deflateRawSync(bytes)),
    sizeBytes: draft.sizeBytes ?? bytes.length,
    crc: draft.crc ?? crc32(bytes),
    method: draft.method ?? (draft.stored === true ? 0 : 8),
  }
}

function localHeader(draft: ZipDraft, entry: Described): Buffer {
  const name = Buffer.from(draft.localName ?? draft.name)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(draft.flags ?? 0, 6)
  head.writeUInt16LE(entry.method, 8)
  head.writeUInt32LE(entry.crc, 14)
  head.writeUInt32LE(entry.packed.length, 18)
  head.writeUInt32LE(entry.sizeBytes, 22)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, name])
}

function centralHeader(draft: ZipDraft, entry: Described, offset: number): Buffer {
  const name = Buffer.from(draft.name)
  const extra = draft.extra ?? new Uint8Array(0)
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE(0x0314, 4)
  head.writeUInt16LE(20, 6)
  head.writeUInt16LE(draft.flags ?? 0, 8)
  head.writeUInt16LE(entry.method, 10)
  head.writeUInt32LE(entry.crc, 16)
  head.writeUInt32LE(entry.packed.length, 20)
  head.writeUInt32LE(entry.sizeBytes, 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(extra.length, 30)
  head.writeUInt32LE(draft.attributes ?? 0, 38)
  head.writeUInt32LE(offset, 42)
  return Buffer.concat([head, name, extra])
}

/** An honest archive of these files. */
export function zipWith(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  return buildZip(Object.entries(files).map(([name, content]) => ({ name, bytes: Buffer.from(content) })))
}
