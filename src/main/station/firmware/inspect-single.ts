// Checks one module whose bytes are exactly one module: CRC, flags, function, platform, suffix, extensions, hash, then
// what it unpacks to, then where it may lie. The order is from "is it intact" to "does it make sense".
import { type ModuleDependency, type ModuleKind, moduleName, syntheticMark } from '../../../shared/model/module.ts'
import { type PlatformName, platformNameOf } from '../../../shared/model/platform.ts'
import { deviceOsOfSystem } from '../platforms/device-os-versions.ts'
import type { ModuleBounds } from '../platforms/platform-facts.ts'
import { boundsOf, platformOf } from '../platforms/platforms.ts'
import { checkPlacement } from './check-placement.ts'
import { inflateModule } from './inflate-module.ts'
import { maxInflatedAssetBytes } from './limits.ts'
import {
  assetIdentity,
  extensionDependencies,
  readExtensions,
  requiredAssets,
  setsSecurityMode,
} from './module-extensions.ts'
import type { AssetModule, BoardModule, ModuleExtension, ModuleFacts } from './module-facts.ts'
import { baseSuffixSize, crcSize, kindOfFunction, knownFlags, moduleFlags, prefixSize } from './module-format.ts'
import { findPrefix, type ModulePrefix, type RawDependency } from './module-prefix.ts'
import { checkCrc, checkHash, type ModuleSuffix, readSuffix, sha256Of } from './module-suffix.ts'
import { Refusal, type Refuse, refuser } from './refusal.ts'

/** `bytes` must be as long as the prefix declares. Throws a Refusal of layer parse. */
export function inspectSingle(bytes: Uint8Array, prefix: ModulePrefix, source: string): ModuleFacts {
  const refuse = refuser('parse', source)
  const crc = checkCrc(bytes, refuse)
  const place = placeOf(prefix, refuse)
  checkFlags(prefix, place.kind, refuse)
  const tail = readTail(bytes, prefix, refuse)
  const payloadAllowed = place.kind === 'radio' || place.kind === 'ncp'
  const hashCovers = checkHash(bytes, { sha256: tail.suffix.sha256, payloadAllowed }, refuse)
  const frame = { bytes, prefix, source, ...tail }
  const { module, inner, unpacked } =
    place.platform === null ? assetFrom(frame, refuse) : boardModuleFrom(frame, place, refuse)
  return {
    module,
    platformId: prefix.platformId,
    functionId: prefix.functionId,
    flags: prefix.flags,
    mcuTarget: prefix.mcuTarget,
    prefixOffset: prefix.offset,
    prefixSizeBytes: tail.bodyOffset - prefix.offset,
    suffixSizeBytes: tail.suffix.sizeBytes,
    productId: tail.suffix.productId,
    productVersion: tail.suffix.productVersion,
    crc,
    hashCovers,
    extensions: tail.extensions,
    inner,
    unpacked,
  }
}

type Place =
  | { readonly kind: 'asset'; readonly platform: null }
  | { readonly kind: ModuleKind; readonly platform: PlatformName; readonly bounds: ModuleBounds }

function placeOf(prefix: ModulePrefix, refuse: Refuse): Place {
  const kind = kindOfFunction(prefix.functionId) ?? refuse('BAD_FUNCTION', `module function ${prefix.functionId}`)
  if (kind === 'asset' && prefix.platformId === 0) return { kind, platform: null }
  const platform =
    platformNameOf(prefix.platformId) ?? refuse('UNKNOWN_PLATFORM', `platform ${prefix.platformId} is not known`)
  const bounds = boundsOf(platform, { kind, index: prefix.index, version: prefix.version })
  if (bounds !== null) return { kind, platform, bounds }
  const name = moduleName({ kind, index: prefix.index })
  return refuse('UNKNOWN_MODULE', `the ${platformOf(platform).title} has no module ${name}`)
}

function checkFlags(prefix: ModulePrefix, kind: ModuleKind, refuse: Refuse): void {
  if ((prefix.flags & ~knownFlags) !== 0) refuse('UNSUPPORTED_FLAGS', `unknown flags 0x${prefix.flags.toString(16)}`)
  if ((prefix.flags & moduleFlags.encrypted) !== 0) refuse('UNSUPPORTED_FLAGS', 'the module is encrypted')
  const drops = (prefix.flags & moduleFlags.dropModuleInfo) !== 0
  // A SoftDevice with its header in flash does not start; any other module without one is not found by the bootloader.
  if (kind === 'radio' && !drops) refuse('UNSUPPORTED_FLAGS', 'a SoftDevice must drop its header')
  const mayDrop = kind === 'radio' || kind === 'asset' || kind === 'ncp'
  if (drops && (!mayDrop || prefix.offset !== 0)) refuse('UNSUPPORTED_FLAGS', `a ${kind} module must keep its header`)
  const mayPack = kind === 'user' || kind === 'system' || kind === 'asset'
  if ((prefix.flags & moduleFlags.compressed) !== 0 && !mayPack) {
    refuse('UNSUPPORTED_COMPRESSION', `Device OS does not unpack a ${kind} module`)
  }
}

interface Tail {
  readonly suffix: ModuleSuffix
  readonly extensions: readonly ModuleExtension[]
  /** First byte after prefix and prefix extensions. */
  readonly bodyOffset: number
}

function readTail(bytes: Uint8Array, prefix: ModulePrefix, refuse: Refuse): Tail {
  const plainBody = prefix.offset + prefixSize
  const suffix = readSuffix(bytes, plainBody, refuse)
  const hasPrefixRecords = (prefix.flags & moduleFlags.prefixExtensions) !== 0
  const front = hasPrefixRecords
    ? readExtensions(bytes, { where: 'prefix', from: plainBody, to: suffix.offset }, refuse)
    : []
  const end = bytes.length - crcSize - baseSuffixSize
  // Exactly four bytes before the base suffix are product ID and version, without a record around them.
  const back =
    end - suffix.offset > 4 ? readExtensions(bytes, { where: 'suffix', from: suffix.offset, to: end }, refuse) : []
  return {
    suffix,
    extensions: [...front, ...back],
    bodyOffset: front.reduce((offset, record) => offset + record.sizeBytes, plainBody),
  }
}

interface Frame extends Tail {
  readonly bytes: Uint8Array
  readonly prefix: ModulePrefix
  readonly source: string
}

function commonFields(frame: Frame, refuse: Refuse) {
  const { bytes, prefix } = frame
  const stated = prefix.dependencies.filter((dependency) => dependency.functionId !== 0)
  const dependencies = [...stated, ...extensionDependencies(frame.extensions, refuse)]
  return {
    index: prefix.index,
    version: prefix.version,
    startAddress: prefix.startAddress,
    endAddress: prefix.endAddress,
    sizeBytes: bytes.length,
    sha256: sha256Of(bytes),
    suffixSha256: frame.suffix.sha256,
    dropsHeader: (prefix.flags & moduleFlags.dropModuleInfo) !== 0,
    isCompressed: (prefix.flags & moduleFlags.compressed) !== 0,
    isCombined: (prefix.flags & moduleFlags.combined) !== 0,
    isSynthetic: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(syntheticMark),
    dependencies: dependencies.map((raw) => dependencyFrom(raw, refuse)),
    source: frame.source,
  }
}

function dependencyFrom(raw: RawDependency, refuse: Refuse): ModuleDependency {
  const kind =
    kindOfFunction(raw.functionId) ?? refuse('BAD_DEPENDENCY', `depends on module function ${raw.functionId}`)
  return { kind, index: raw.index, version: raw.version }
}

type Parsed<M> = { readonly module: M } & Pick<ModuleFacts, 'inner' | 'unpacked'>
type BoardPlace = Extract<Place, { platform: PlatformName }>

function boardModuleFrom(frame: Frame, place: BoardPlace, refuse: Refuse): Parsed<BoardModule> {
  const { kind, platform, bounds } = place
  const common = commonFields(frame, refuse)
  const module: BoardModule = {
    ...common,
    platform,
    kind,
    deviceOsVersion: kind === 'system' || kind === 'mono' ? deviceOsOfSystem(common.version) : null,
    requiredAssets: requiredAssets(frame.extensions, refuse),
    locksBoard: setsSecurityMode(frame.extensions),
  }
  if (!module.isCompressed) {
    checkPlacement(frame.prefix, { platform, bounds, dropsHeader: module.dropsHeader }, refuse)
    return { module, inner: null, unpacked: null }
  }
  const unpacked = inflateModule(
    frame.bytes.subarray(frame.bodyOffset, frame.suffix.offset),
    bounds.maxSizeBytes,
    refuse,
  )
  const inner = originalOf(frame, unpacked, refuse)
  const isSynthetic = module.isSynthetic || inner.module.isSynthetic
  return { module: { ...module, isSynthetic, requiredAssets: innerAssets(inner, module) }, inner, unpacked }
}

function innerAssets(inner: ModuleFacts, outer: BoardModule): BoardModule['requiredAssets'] {
  return inner.module.platform === 'any' ? outer.requiredAssets : inner.module.requiredAssets
}

/** The module inside a compressed one, checked like a file, and the same module as the outer header says. */
function originalOf(frame: Frame, original: Uint8Array, refuse: Refuse): ModuleFacts {
  const prefix = findPrefix(original)
  const outer = frame.prefix
  if (prefix === null || prefix.declaredBytes !== original.length) {
    return refuse('BAD_COMPRESSION', 'what it unpacks to is no module')
  }
  const isSame =
    prefix.platformId === outer.platformId &&
    prefix.functionId === outer.functionId &&
    prefix.index === outer.index &&
    prefix.version === outer.version &&
    prefix.startAddress === outer.startAddress &&
    (prefix.flags & (moduleFlags.compressed | moduleFlags.combined)) === 0
  if (!isSame) refuse('BAD_COMPRESSION', 'it unpacks to another module than its header says')
  try {
    return inspectSingle(original, prefix, frame.source)
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return refuse('BAD_COMPRESSION', `the module inside is bad: ${thrown.what} (${thrown.reason})`, thrown)
  }
}

function assetFrom(frame: Frame, refuse: Refuse): Parsed<AssetModule> {
  const common = commonFields(frame, refuse)
  const body = frame.bytes.subarray(frame.bodyOffset, frame.suffix.offset)
  const raw = common.isCompressed ? inflateModule(body, maxInflatedAssetBytes, refuse) : body
  const { name, sha256 } = assetIdentity(frame.extensions, refuse)
  if (sha256Of(raw) !== sha256) refuse('HASH_MISMATCH', `the asset "${name}" does not have the hash its module states`)
  return {
    module: { ...common, platform: 'any', kind: 'asset', deviceOsVersion: null, assetName: name, assetSha256: sha256 },
    inner: null,
    unpacked: raw,
  }
}
