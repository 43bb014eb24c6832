// Wraps a raw asset into the asset module that Device OS takes over control requests: prefix, the asset (packed where
// that is smaller), hash, name, suffix, CRC. What it builds is what parse-module.ts reads.
import { crc32, deflateRawSync } from 'node:zlib'
import type { TargetAsset } from '../../../shared/model/module.ts'
import { baseSuffixSize, crcSize, extensionTypes, moduleFlags, prefixSize } from './module-format.ts'
import { sha256Of } from './module-suffix.ts'

const assetFunction = 9
const compressionHeadSize = 8
/** Application environment variables: Device OS reads them while it starts and does not unpack them. */
const environmentType = 1
const noProduct = Buffer.alloc(6, 0xff)

/** The file of the asset module; the name and the hash of the raw bytes go into it. */
export function buildAssetModule(raw: Uint8Array, asset: Pick<TargetAsset, 'name' | 'type'>): Uint8Array {
  const packed = asset.type === 'env' ? raw : pack(raw)
  const isPacked = packed.length < raw.length
  const body = isPacked ? packed : raw
  const flags = moduleFlags.dropModuleInfo | (isPacked ? moduleFlags.compressed : 0)
  const records = suffixRecords(raw, asset)
  const suffixSize = records.length + baseSuffixSize
  const file = Buffer.concat([
    prefixOf(prefixSize + body.length + suffixSize, flags),
    body,
    records,
    Buffer.alloc(baseSuffixSize + crcSize),
  ])
  const end = file.length - crcSize
  file.writeUInt16LE(suffixSize, end - 2)
  file.set(hashOf(file.subarray(0, end - 34)), end - 34)
  file.writeUInt32BE(crc32(file.subarray(0, end)), end)
  return file
}

function prefixOf(endAddress: number, flags: number): Buffer {
  const prefix = Buffer.alloc(prefixSize)
  prefix.writeUInt32LE(endAddress, 4)
  prefix[9] = flags
  prefix[14] = assetFunction
  return prefix
}

function pack(raw: Uint8Array): Uint8Array {
  const head = Buffer.alloc(compressionHeadSize)
  head.writeUInt16LE(compressionHeadSize, 0)
  head.writeUInt32LE(raw.length, 4)
  return Buffer.concat([head, deflateRawSync(raw, { level: 9 })])
}

function suffixRecords(raw: Uint8Array, { name, type }: Pick<TargetAsset, 'name' | 'type'>): Uint8Array {
  const hash = Buffer.concat([Buffer.from([0, 32]), hashOf(raw)])
  const kind = type === 'env' ? [record(extensionTypes.assetType, Buffer.from([environmentType, 0]))] : []
  return Buffer.concat([
    record(extensionTypes.hash, hash),
    record(extensionTypes.name, Buffer.from(name)),
    ...kind,
    record(extensionTypes.productData, noProduct),
  ])
}

function record(type: number, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(head.length + data.length, 2)
  return Buffer.concat([head, data])
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return Buffer.from(sha256Of(bytes), 'hex')
}
