// The extension records of a module's prefix and suffix, as far as Device OS reads them: the assets an application
// needs, name and hash of an asset module, security mode of a bootloader. Format: 1.8 of our firmware notes.
import { type FlashedModule, flags } from './read-module.ts'

interface Extension {
  readonly type: number
  /** Without the four bytes of type and length. */
  readonly data: Uint8Array
}

export interface AssetKey {
  readonly name: string
  /** SHA-256 of the raw asset. */
  readonly hash: Uint8Array
}

const types = { end: 0, hash: 0x10, name: 0x11, assetDependency: 0x12, securityMode: 0x13, assetType: 0x14 } as const
const prefixBytes = 24
const crcBytes = 4
const baseSuffixBytes = 36
const recordBytes = 4
const hashHeadBytes = 2
const hashBytes = 32
const decoder = new TextDecoder()

/** What an application needs, from both ends of the module: RTL user parts keep the records in the prefix. */
export function requiredAssetsOf(module: FlashedModule): readonly AssetKey[] {
  return extensionsOf(module)
    .filter(({ type, data }) => type === types.assetDependency && data.length > hashHeadBytes + hashBytes)
    .filter(({ data }) => data[0] === 0)
    .map(({ data }) => ({ hash: hashIn(data), name: decoder.decode(data.subarray(hashHeadBytes + hashBytes)) }))
}

export interface AssetHead extends AssetKey {
  /** 0 plain, 1 environment variables of the application, 2 a snapshot of the cloud's. */
  readonly assetType: number
}

/** Name and hash that an asset module gives itself; null when one is missing. */
export function assetHeadOf(module: FlashedModule): AssetHead | null {
  const found = suffixExtensions(module.bytes)
  const dataOf = (wanted: number) => found.findLast(({ type }) => type === wanted)?.data
  const [name, hash] = [dataOf(types.name), dataOf(types.hash)]
  if (!name || name.length === 0 || !hash || hash.length < hashHeadBytes + hashBytes) return null
  return { name: decoder.decode(name), hash: hashIn(hash), assetType: dataOf(types.assetType)?.[0] ?? 0 }
}

/** True when the bootloader is one for boards in security mode. */
export function hasSecurityMode(module: FlashedModule): boolean {
  return extensionsOf(module).some(({ type }) => type === types.securityMode)
}

/** Where the payload begins: behind the header, or behind the records that follow it, the last of which is the end. */
export function payloadOffsetOf(module: FlashedModule): number {
  const from = module.prefixOffset + prefixBytes
  if ((module.flags & flags.prefixExtensions) === 0) return from
  const view = new DataView(module.bytes.buffer, module.bytes.byteOffset, module.bytes.byteLength)
  for (let at = from; at + recordBytes <= module.bytes.length; ) {
    const length = Math.max(view.getUint16(at + 2, true), recordBytes)
    if (view.getUint16(at, true) === types.end) return at + length
    at += length
  }
  return from
}

/** Length of the suffix, extensions included; the CRC follows. */
export function suffixBytesOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint16(bytes.length - crcBytes - 2, true)
}

function extensionsOf(module: FlashedModule): readonly Extension[] {
  const hasPrefixOnes = (module.flags & flags.prefixExtensions) !== 0
  const front = hasPrefixOnes ? recordsIn(module.bytes, module.prefixOffset + prefixBytes, module.bytes.length) : []
  return [...front, ...suffixExtensions(module.bytes)]
}

/** Suffixes of 36 and 40 bytes hold none: product fields without a record head. */
function suffixExtensions(bytes: Uint8Array): readonly Extension[] {
  const sizeBytes = suffixBytesOf(bytes)
  const end = bytes.length - crcBytes - baseSuffixBytes
  if (sizeBytes < baseSuffixBytes + 2 * recordBytes || sizeBytes > bytes.length - crcBytes - prefixBytes) return []
  return recordsIn(bytes, bytes.length - crcBytes - sizeBytes, end)
}

function recordsIn(bytes: Uint8Array, from: number, to: number): readonly Extension[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Extension[] = []
  for (let at = from; at + recordBytes <= to; ) {
    const [type, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    if (type === types.end || length < recordBytes || at + length > to) break
    found.push({ type, data: bytes.subarray(at + recordBytes, at + length) })
    at += length
  }
  return found
}

function hashIn(data: Uint8Array): Uint8Array {
  return data.slice(hashHeadBytes, hashHeadBytes + hashBytes)
}
