// Builds image files of every format, with any field wrong on purpose. Written after the standards and apart from the
// readers, so that a mistake of one is not a mistake of both.
import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value & 0xffff)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

/** Bytes that are no text, no module and nothing else that is known. */
export function program(sizeBytes: number, seed = 7): Uint8Array {
  let state = seed >>> 0
  return Uint8Array.from({ length: sizeBytes }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return at === 0 ? 0x81 : state >>> 24
  })
}

/** CRC-32 bit by bit, not inverted at its end. */
function dfuCrc(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0)
  }
  return crc >>> 0
}

export interface SuffixFields {
  readonly revision?: number
  readonly productId?: number
  readonly vendorId?: number
  readonly version?: number
  readonly signature?: string
  readonly length?: number
  /** Between the payload and the 16 bytes that are known. */
  readonly extra?: Uint8Array
  readonly crc?: number
}

export function dfuFile(payload: Uint8Array, fields: SuffixFields = {}): Uint8Array {
  const { extra = new Uint8Array(0) } = fields
  const body = Buffer.concat([
    ...[payload, extra, u16(fields.revision ?? 0xffff), u16(fields.productId ?? 0xffff)],
    ...[u16(fields.vendorId ?? 0xffff), u16(fields.version ?? 0x0100)],
    ...[Buffer.from(fields.signature ?? 'UFD'), Buffer.of(fields.length ?? 16 + extra.length)],
  ])
  return Buffer.concat([body, u32(fields.crc ?? dfuCrc(body))])
}

export interface ElementFields {
  readonly address: number
  readonly bytes: Uint8Array
  readonly sizeBytes?: number
}

export interface TargetFields {
  readonly alternate?: number
  readonly name?: string | null
  readonly nameBytes?: Uint8Array
  readonly named?: number
  readonly signature?: string
  readonly sizeBytes?: number
  readonly count?: number
  readonly elements: readonly ElementFields[]
}

export interface DfuseFields extends SuffixFields {
  readonly prefix?: string
  readonly format?: number
  readonly imageBytes?: number
  readonly targetCount?: number
  readonly behind?: Uint8Array
}

export function dfusePayload(targets: readonly TargetFields[], fields: DfuseFields = {}): Uint8Array {
  const all = Buffer.concat([...targets.map(targetBytes), fields.behind ?? new Uint8Array(0)])
  return Buffer.concat([
    ...[Buffer.from(fields.prefix ?? 'DfuSe'), Buffer.of(fields.format ?? 1)],
    ...[u32(fields.imageBytes ?? 11 + all.length), Buffer.of(fields.targetCount ?? targets.length), all],
  ])
}

function targetBytes(target: TargetFields): Buffer {
  const elements = Buffer.concat(
    target.elements.map(({ address, bytes, sizeBytes }) =>
      Buffer.concat([u32(address), u32(sizeBytes ?? bytes.length), bytes]),
    ),
  )
  const name = Buffer.alloc(255)
  name.set(target.nameBytes ?? Buffer.from(target.name ?? '', 'latin1'))
  return Buffer.concat([
    ...[Buffer.from(target.signature ?? 'Target'), Buffer.of(target.alternate ?? 0)],
    ...[u32(target.named ?? (target.name == null && !target.nameBytes ? 0 : 1)), name],
    ...[u32(target.sizeBytes ?? elements.length), u32(target.count ?? target.elements.length), elements],
  ])
}

export function dfuseFile(targets: readonly TargetFields[], fields: DfuseFields = {}): Uint8Array {
  return dfuFile(dfusePayload(targets, fields), { version: 0x011a, ...fields })
}

export function hexRecord(type: number, offset: number, data: Uint8Array): string {
  const record = Buffer.concat([Buffer.of(data.length, offset >>> 8, offset & 0xff, type), data])
  const sum = record.reduce((total, byte) => total + byte, 0)
  return `:${Buffer.concat([record, Buffer.of(-sum & 0xff)])
    .toString('hex')
    .toUpperCase()}\n`
}

/** Sixteen bytes a record, with an address record before each. */
export function hexFile(runs: readonly { readonly address: number; readonly bytes: Uint8Array }[]): Uint8Array {
  const lines = runs.flatMap(({ address, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / 16) }, (_, at) => {
      const here = address + 16 * at
      const room = 0x1_0000 - (here % 0x1_0000)
      const data = bytes.subarray(16 * at, 16 * at + 16)
      const upper = (from: number) => hexRecord(4, 0, Buffer.of(from >>> 24, (from >>> 16) & 0xff))
      const first = upper(here) + hexRecord(0, here % 0x1_0000, data.subarray(0, room))
      return data.length <= room ? first : first + upper(here + room) + hexRecord(0, 0, data.subarray(room))
    }),
  )
  return Buffer.from(`${lines.join('')}:00000001FF\n`)
}

export interface CabFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly folder?: number
  readonly offset?: number
  readonly sizeBytes?: number
  readonly attributes?: number
}

export interface CabFields {
  readonly method?: 'stored' | 'mszip'
  /** A folder for each file in place of one for all. */
  readonly foldersEach?: boolean
  readonly type?: number
  readonly signature?: string
  readonly reserved?: readonly [number, number, number]
  readonly sizeBytes?: number
  readonly filesAt?: number
  readonly version?: readonly [minor: number, major: number]
  readonly folderCount?: number
  readonly fileCount?: number
  readonly flags?: number
  /** Reserved bytes in header, folder and block. */
  readonly reserve?: readonly [header: Uint8Array, folder: number, block: number]
  readonly folderAt?: number
  readonly blockCount?: number
  readonly blockSum?: number
  readonly blockUnpacked?: number
  readonly blockMark?: string
  readonly behind?: Uint8Array
}

const blockBytes = 0x8000

export function cabFile(files: readonly CabFile[], fields: CabFields = {}): Uint8Array {
  const [headerReserve, folderReserve, blockReserve] = fields.reserve ?? [new Uint8Array(0), 0, 0]
  const reserve = fields.reserve
    ? Buffer.concat([u16(headerReserve.length), Buffer.of(folderReserve, blockReserve), headerReserve])
    : Buffer.alloc(0)
  const groups = fields.foldersEach ? files.map((file) => [file]) : [files]
  let offset = 0
  const entries = Buffer.concat(
    files.map((file, number) => {
      const at = fields.foldersEach ? 0 : offset
      const folder = fields.foldersEach ? number : 0
      offset += file.bytes.length
      return Buffer.concat([
        ...[u32(file.sizeBytes ?? file.bytes.length), u32(file.offset ?? at), u16(file.folder ?? folder)],
        ...[u16(0), u16(0), u16(file.attributes ?? 0x20), Buffer.from(`${file.name}\0`)],
      ])
    }),
  )
  const filesAt = 36 + reserve.length + groups.length * (8 + folderReserve)
  const type = fields.type ?? (fields.method === 'mszip' ? 1 : 0)
  let dataAt = filesAt + entries.length
  const contents = groups.map((group) => {
    const blocks = cabBlocks(Buffer.concat(group.map(({ bytes }) => bytes)), blockReserve, fields)
    const head = [u32(fields.folderAt ?? dataAt), u16(fields.blockCount ?? blocks.length), u16(type)]
    const data = Buffer.concat(blocks)
    dataAt += data.length
    return { head: Buffer.concat([...head, Buffer.alloc(folderReserve)]), data }
  })
  const [one, two, three] = fields.reserved ?? [0, 0, 0]
  return Buffer.concat([
    ...[Buffer.from(fields.signature ?? 'MSCF'), u32(one), u32(fields.sizeBytes ?? dataAt), u32(two)],
    ...[u32(fields.filesAt ?? filesAt), u32(three), Buffer.of(...(fields.version ?? [3, 1]))],
    ...[u16(fields.folderCount ?? groups.length), u16(fields.fileCount ?? files.length)],
    ...[u16(fields.flags ?? (fields.reserve ? 4 : 0)), u16(0), u16(0), reserve],
    ...[...contents.map(({ head }) => head), entries, ...contents.map(({ data }) => data)],
    fields.behind ?? new Uint8Array(0),
  ])
}

function cabBlocks(content: Uint8Array, reserve: number, fields: CabFields): readonly Buffer[] {
  return Array.from({ length: Math.ceil(content.length / blockBytes) }, (_, at) => {
    const plain = content.subarray(at * blockBytes, (at + 1) * blockBytes)
    const before = content.subarray(Math.max(0, at - 1) * blockBytes, at * blockBytes)
    const packed =
      fields.method === 'mszip'
        ? Buffer.concat([
            Buffer.from(fields.blockMark ?? 'CK'),
            deflateRawSync(plain, before.length > 0 ? { dictionary: before } : {}),
          ])
        : Buffer.from(plain)
    const rest = Buffer.concat([u16(packed.length), u16(fields.blockUnpacked ?? plain.length), Buffer.alloc(reserve)])
    const sum = fields.blockSum ?? (cabSum(rest) ^ cabSum(packed)) >>> 0
    return Buffer.concat([u32(sum), rest, packed])
  })
}

/** As [MS-CAB] 3.1 has it: whole words, then what is left with its last byte lowest. */
function cabSum(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 4) {
    const word = [...bytes.subarray(at, at + 4)]
    if (word.length < 4) word.reverse()
    sum ^= word.reduce((total, byte, place) => total + byte * 2 ** (8 * place), 0)
  }
  return sum >>> 0
}

export interface ReleaseFields {
  readonly version?: string
  readonly fileName?: string
  readonly payload?: Uint8Array
  /** In place of what is made of the payload. */
  readonly inside?: string
}

export interface MetainfoFields {
  readonly guids?: readonly string[]
  readonly releases?: readonly ReleaseFields[]
  readonly type?: string
  readonly root?: string
  readonly inside?: string
  readonly id?: string
}

export const blinkyGuid = '84f40464-9272-4ef7-9399-cd95f12da696'

export function metainfo(fields: MetainfoFields = {}): Uint8Array {
  const { guids = [blinkyGuid], releases = [], type = 'firmware', root = 'component' } = fields
  const provides = guids.map((guid) => `<firmware type="flashed">${guid}</firmware>`).join('')
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<${root} type="${type}"><id>${fields.id ?? 'com.example.blinky.firmware'}</id><provides>${provides}</provides>
<releases>${releases.map(releaseText).join('\n')}</releases>${fields.inside ?? ''}</${root}>
`)
}

function releaseText({ version = '1.2.3', fileName = 'firmware.bin', payload, inside }: ReleaseFields): string {
  const sums = payload
    ? ['sha1', 'sha256'].map((type) => {
        const value = createHash(type).update(payload).digest('hex')
        return `<checksum type="${type}" filename="${fileName}" target="content">${value}</checksum>`
      })
    : []
  const size = payload ? `<size type="installed">${payload.length}</size>` : ''
  return `<release version="${version}" date="2026-01-02">${inside ?? sums.join('') + size}</release>`
}

/** A cabinet with one firmware, as fwupdtool makes it. */
export function blinkyCab(payload: Uint8Array, fields: CabFields & { readonly fileName?: string } = {}): Uint8Array {
  const { fileName = 'firmware.bin' } = fields
  const text = metainfo({ releases: [{ fileName, payload }] })
  const files = [
    { name: fileName, bytes: payload },
    { name: 'firmware.metainfo.xml', bytes: text },
  ]
  return cabFile(files, fields)
}
