// Asset modules and applications that need assets, written for tests by the format alone.
import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { simPlatformOf } from '../../../src/main/sim/sim-platforms.ts'

export interface TestAsset {
  readonly name: string
  readonly content: Uint8Array
  readonly assetType?: number
}

const encoder = new TextEncoder()

function u16(value: number): readonly number[] {
  return [value & 0xff, value >>> 8]
}

function u32(value: number): readonly number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)]
}

function record(type: number, data: readonly number[]): readonly number[] {
  return [...u16(type), ...u16(data.length + 4), ...data]
}

function hashOf({ content }: TestAsset): readonly number[] {
  return [0, 32, ...createHash('sha256').update(content).digest()]
}

const productRecord = record(1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])

interface Parts {
  readonly startAddress: number
  readonly head: readonly number[]
  readonly body: Uint8Array
  readonly records: readonly number[]
}

/** Prefix, body, suffix with records, CRC. `head` are the prefix bytes behind the two addresses. */
function moduleOf({ startAddress, head, body, records }: Parts): Uint8Array {
  const suffixBytes = records.length + 36
  const endAddress = startAddress + 24 + body.length + suffixBytes
  const front = Uint8Array.from([...u32(startAddress), ...u32(endAddress), ...head, ...body, ...records, 0, 0])
  const hash = createHash('sha256').update(front).digest()
  const bytes = Uint8Array.from([...front, ...hash, ...u16(suffixBytes), 0, 0, 0, 0])
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), false)
  return bytes
}

export function assetModule(asset: TestAsset, { isCompressed = true } = {}): Uint8Array {
  const packed = Uint8Array.from([...u16(8), 0, 0, ...u32(asset.content.length), ...deflateRawSync(asset.content)])
  return moduleOf({
    startAddress: 0,
    head: [0, isCompressed ? 3 : 1, ...u16(1), ...u16(0), 9, 0, ...Array<number>(8).fill(0)],
    body: isCompressed ? packed : asset.content,
    records: [
      ...record(0x10, hashOf(asset)),
      ...record(0x11, [...encoder.encode(asset.name)]),
      ...(asset.assetType ? record(0x14, [asset.assetType, 0]) : []),
      ...productRecord,
    ],
  })
}

/** A user part in the slot that wins: 128 KB on nRF, end-aligned on RTL. */
export function applicationNeeding(platform: SimPlatform, assets: readonly TestAsset[]) {
  const { family, platformId } = simPlatformOf(platform)
  const needs = assets.flatMap((asset) => record(0x12, [...hashOf(asset), ...encoder.encode(asset.name)]))
  // Modules of real applications start at a word.
  const tailBytes = needs.length + productRecord.length
  const body = new Uint8Array(2048 + ((8 - (tailBytes % 8)) % 8)).fill(0x42)
  const head = [0, 0, ...u16(6), ...u16(platformId), 5, 1, 4, 1, ...u16(1), ...Array<number>(4).fill(0)]
  const build = (startAddress: number) => moduleOf({ startAddress, head, body, records: [...needs, ...productRecord] })
  const startAddress = family === 'nrf52' ? 0xd4000 : 0x08600000 - build(0).length
  return { startAddress, bytes: build(startAddress) }
}
