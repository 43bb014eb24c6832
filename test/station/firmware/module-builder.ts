// Builds small valid modules for tests, from the format's description alone; it shares nothing with the parser.
import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

export interface Draft {
  readonly platformId: number
  readonly functionId: number
  readonly index: number
  readonly version?: number
  readonly start: number
  /** For modules with a fixed end (RTL user parts): the start follows from the length. */
  readonly fixedEnd?: number
  readonly flags?: number
  readonly prefixOffset?: number
  readonly firstBytes?: readonly number[]
  readonly dependencies?: readonly (readonly [functionId: number, index: number, version: number])[]
  readonly payload?: Uint8Array
  /** Suffix extension records. */
  readonly suffixRecords?: readonly Uint8Array[]
  readonly prefixRecords?: readonly Uint8Array[]
  readonly payloadHash?: boolean
}

export function buildModule(draft: Draft): Uint8Array {
  const offset = draft.prefixOffset ?? 0
  const front = Buffer.alloc(offset, 0x11)
  Buffer.from(draft.firstBytes ?? []).copy(front)
  const prefix = Buffer.alloc(24)
  const records = draft.suffixRecords ?? []
  const product = records.length === 0 ? Buffer.from([0xff, 0xff, 0xff, 0xff]) : Buffer.alloc(0)
  const suffixSize = records.reduce((sum, record) => sum + record.length, product.length) + 36
  const suffix = Buffer.alloc(36)
  suffix.writeUInt16LE(suffixSize, 34)
  const payload = draft.payload ?? Buffer.from('a small module')
  const file = Buffer.concat([
    front,
    prefix,
    ...(draft.prefixRecords ?? []),
    payload,
    ...records,
    product,
    suffix,
    Buffer.alloc(4),
  ])
  const start = draft.fixedEnd === undefined ? draft.start : draft.fixedEnd - file.length
  file.writeUInt32LE(start, offset)
  file.writeUInt32LE(start + file.length - 4, offset + 4)
  file[offset + 9] = draft.flags ?? 0
  file.writeUInt16LE(draft.version ?? 1, offset + 10)
  file.writeUInt16LE(draft.platformId, offset + 12)
  file[offset + 14] = draft.functionId
  file[offset + 15] = draft.index
  draft.dependencies?.forEach(([functionId, index, version], at) => {
    const place = offset + 16 + at * 4
    file[place] = functionId
    file[place + 1] = index
    file.writeUInt16LE(version, place + 2)
  })
  return seal(file, draft.payloadHash ?? false)
}

/** Writes hash and CRC anew, so that a change elsewhere reaches the checks behind them. */
export function seal(file: Uint8Array, payloadHash = false): Uint8Array {
  const bytes = Buffer.from(file)
  const covered = payloadHash ? bytes.subarray(24, bytes.length - 40) : bytes.subarray(0, bytes.length - 38)
  createHash('sha256')
    .update(covered)
    .digest()
    .copy(bytes, bytes.length - 38)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, bytes.length - 4)), bytes.length - 4)
  return bytes
}

export function record(type: number, data: Uint8Array | string): Uint8Array {
  const body = Buffer.from(data)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(4 + body.length, 2)
  return Buffer.concat([head, body])
}

export function sha256Bytes(bytes: Uint8Array | string): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

export function sha256Text(bytes: Uint8Array | string): string {
  return Buffer.from(sha256Bytes(bytes)).toString('hex')
}

const nrfStack = [0x00, 0xf0, 0x03, 0x20]
const stmStack = [0x00, 0x00, 0x02, 0x20]
const rtlHeader = [0x99, 0x99, 0x96, 0x96, 0x3f, 0xcc, 0x66, 0xfc]

export const photon = {
  bootloader: () => buildModule({ ...stm(2, 0, 0x0800_0000), version: 1006 }),
  system1: (version = 2302) => buildModule({ ...stm(4, 1, 0x0802_0000), version, dependencies: [[4, 2, 207]] }),
  system2: (version = 2302) => {
    const dependencies = [
      [4, 1, version],
      [2, 0, 1003],
    ] as const
    return buildModule({ ...stm(4, 2, 0x0806_0000), version, dependencies })
  },
  user: (text = 'tinker', wants = 6) =>
    buildModule({
      platformId: 6,
      functionId: 5,
      index: 1,
      start: 0x080a_0000,
      dependencies: [[4, 2, wants]],
      payload: Buffer.from(text),
    }),
}

function stm(functionId: number, index: number, start: number): Draft {
  return { platformId: 6, functionId, index, start, prefixOffset: 0x184, firstBytes: stmStack }
}

export const boron = {
  bootloader: () => buildModule({ ...nrf(2, 0, 0xf_4000), version: 1101 }),
  system: (version = 4006) => {
    const dependencies = [
      [2, 0, 1101],
      [8, 0, 202],
    ] as const
    return buildModule({ ...nrf(4, 1, 0x3_0000), version, dependencies })
  },
  softDevice: (platformId = 13) =>
    buildModule({
      platformId,
      functionId: 8,
      index: 0,
      version: 202,
      start: 0x1000,
      flags: 0x01,
      payload: Buffer.from('a radio stack'),
      payloadHash: true,
    }),
  user: (text = 'tinker') => buildModule({ ...boronUser(text) }),
}

export function boronUser(text: string): Draft {
  return {
    platformId: 13,
    functionId: 5,
    index: 1,
    start: 0xd_4000,
    dependencies: [[4, 1, 326]],
    payload: Buffer.from(text),
  }
}

function nrf(functionId: number, index: number, start: number): Draft {
  return { platformId: 13, functionId, index, start, prefixOffset: 0x200, firstBytes: nrfStack }
}

const rtlUserEnd = 0x0860_0000
const endRecord = record(0, '')

export const p2 = {
  bootloader: () =>
    buildModule({
      platformId: 32,
      functionId: 2,
      index: 0,
      start: 0x0800_4000,
      prefixOffset: 0x20,
      firstBytes: rtlHeader,
    }),
  mbr: () =>
    buildModule({
      platformId: 32,
      functionId: 2,
      index: 1,
      start: 0x0800_0000,
      prefixOffset: 0x20,
      firstBytes: rtlHeader,
    }),
  user: (text = 'tinker') =>
    buildModule({
      platformId: 32,
      functionId: 5,
      index: 1,
      start: 0,
      fixedEnd: 0x0860_0000,
      payload: Buffer.from(text),
    }),
  userWithAsset: (name: string, asset: string) => {
    const data = Buffer.concat([Buffer.from([0, 32]), sha256Bytes(asset), Buffer.from(name)])
    return buildModule({
      platformId: 32,
      functionId: 5,
      index: 1,
      start: 0,
      fixedEnd: 0x0860_0000,
      flags: 0x10,
      prefixRecords: [record(0x12, data), endRecord],
    })
  },
  /** Says where it lies, as a user part must for Device OS to find it, and which asset it needs. */
  locatedUserWithAsset: (name: string, asset: string) => {
    const needs = Buffer.concat([Buffer.from([0, 32]), sha256Bytes(asset), Buffer.from(name)])
    const built = (start: number) => {
      const location = Buffer.alloc(12)
      location.writeUInt32LE(start, 0)
      return buildModule({
        ...{ platformId: 32, functionId: 5, index: 1, start: 0, fixedEnd: rtlUserEnd, flags: 0x10, version: 6 },
        dependencies: [[4, 1, 5600]],
        prefixRecords: [record(0x12, needs), record(0, Buffer.alloc(1))],
        payload: Buffer.alloc(4096, 7),
        suffixRecords: [record(0x02, location), record(0x01, Buffer.alloc(6, 0xff))],
      })
    }
    return built(rtlUserEnd - built(0).length)
  },
  lockingBootloader: () =>
    buildModule({
      platformId: 32,
      functionId: 2,
      index: 0,
      start: 0x0800_4000,
      prefixOffset: 0x20,
      firstBytes: rtlHeader,
      suffixRecords: [record(0x13, Buffer.from([1])), endRecord],
    }),
}

export function assetModule(name: string, raw: string, options: { readonly packed?: boolean } = {}): Uint8Array {
  const hash = Buffer.concat([Buffer.from([0, 32]), sha256Bytes(raw)])
  return buildModule({
    platformId: 0,
    functionId: 9,
    index: 0,
    start: 0,
    flags: options.packed === true ? 0x03 : 0x01,
    payload: options.packed === true ? pack(Buffer.from(raw)) : Buffer.from(raw),
    suffixRecords: [record(0x10, hash), record(0x11, name), record(0x14, Buffer.from([0, 0]))],
  })
}

/** Compression header and raw deflate stream. `claims` replaces the stated size. */
export function pack(original: Uint8Array, claims = original.length): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(8, 0)
  head.writeUInt32LE(claims, 4)
  return Buffer.concat([head, deflateRawSync(original)])
}
