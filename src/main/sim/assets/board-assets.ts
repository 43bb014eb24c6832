// The assets of a board as its Device OS sees them: those it has whole, those its application needs, and what storing
// another one does: assets that the running application does not need go first, one of the same name goes with them.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { inflateModule, isCompressed, packedHeadOf } from '../boot/inflate-module.ts'
import { installedUser } from '../boot/installed-modules.ts'
import { moduleFunctions } from '../boot/memory-map.ts'
import {
  type AssetHead,
  type AssetKey,
  assetHeadOf,
  requiredAssetsOf,
  suffixBytesOf,
} from '../boot/module-extensions.ts'
import { type FlashedModule, flags, moduleIn } from '../boot/read-module.ts'
import { applyMs } from '../timings.ts'
import { type AssetArea, assetAreaOf } from './asset-area.ts'
import { blocksFor, hasRoom, readFiles, removeFile, writeFile } from './asset-store.ts'

export interface AvailableAsset extends AssetHead {
  readonly fileId: number
  /** Of the raw asset. */
  readonly sizeBytes: number
  /** Of the module that holds it. */
  readonly storageBytes: number
}

const prefixBytes = 24
const crcBytes = 4
/** A snapshot of the cloud's environment variables goes to another file system. */
const snapshotType = 2

export function requiredAssets(platform: SimPlatform, chips: BoardChips): readonly AssetKey[] {
  const user = installedUser(platform, chips)
  return user?.isIntact ? requiredAssetsOf(user) : []
}

export function availableAssets(platform: SimPlatform, chips: BoardChips): readonly AvailableAsset[] {
  const area = assetAreaOf(platform, chips)
  return area ? readFiles(area).flatMap(({ fileId, bytes }) => assetIn(bytes, fileId) ?? []) : []
}

/** The asset that a module file holds; null when Device OS would find no asset in it. */
function assetIn(bytes: Uint8Array, fileId = 0): AvailableAsset | null {
  const module = moduleIn(bytes)
  if (!module?.isIntact || !isAssetModule(module)) return null
  const head = assetHeadOf(module)
  const sizeBytes = rawSizeOf(module)
  return head && sizeBytes !== null ? { ...head, fileId, sizeBytes, storageBytes: bytes.length } : null
}

/** A module file in the OTA area. */
export interface StagedFile {
  readonly chip: FlashChip
  readonly address: number
  readonly bytes: Uint8Array
}

export interface Storing {
  readonly durationMs: number
  /** Writes it: the end of that time. */
  finish(): void
}

/**
 * Makes room for an asset module and tells how long storing it takes; null when it is none or does not fit. Even then
 * the assets that nobody needs are gone, and nobody is told: the result of the update was fetched before.
 */
export function storeAsset(
  platform: SimPlatform,
  chips: BoardChips,
  { chip, address, bytes }: StagedFile,
): Storing | null {
  const area = assetAreaOf(platform, chips)
  const asset = assetIn(bytes)
  if (!area || !asset) return null
  // It lies where it would be stored: parts of 4 MB have 592 KB for staging before their asset store begins.
  if (chip === area.chip && address < area.address && address + bytes.length > area.address) return null
  if (asset.assetType === snapshotType) return { durationMs: applyMs.perAssetBlock, finish: () => {} }
  clean(area, requiredAssets(platform, chips), asset.name)
  if (!hasRoom(area, bytes.length)) return null
  const durationMs = blocksFor(bytes.length) * applyMs.perAssetBlock
  return { durationMs, finish: () => writeFile(area, bytes) }
}

function clean(area: AssetArea, required: readonly AssetKey[], name: string): void {
  for (const { fileId, bytes } of readFiles(area)) {
    const asset = assetIn(bytes)
    const isNeeded = required.some((one) => asset && isSame(one, asset))
    if (!asset || !isNeeded || asset.name === name) removeFile(area, fileId)
  }
}

/** Name and hash: an asset is the same only when both are. */
function isSame(one: AssetKey, other: AssetKey): boolean {
  return one.name === other.name && Buffer.from(one.hash).equals(other.hash)
}

function isAssetModule(module: FlashedModule): boolean {
  const isDropped = (module.flags & flags.dropModuleInfo) !== 0
  return module.function === moduleFunctions.asset && isDropped && (module.flags & flags.prefixExtensions) === 0
}

function rawSizeOf(module: FlashedModule): number | null {
  if (isCompressed(module)) return packedHeadOf(module)?.originalBytes ?? null
  return module.bytes.length - prefixBytes - suffixBytesOf(module.bytes) - crcBytes
}

/** The raw bytes of an asset on the board, inflated where they are stored compressed; null when it has none such. */
export function assetContent(platform: SimPlatform, chips: BoardChips, name: string): Uint8Array | null {
  const area = assetAreaOf(platform, chips)
  const file = area && readFiles(area).find(({ bytes }) => assetIn(bytes)?.name === name)
  const module = file ? moduleIn(file.bytes) : null
  if (!module) return null
  if (isCompressed(module)) return inflateModule(module)
  return module.bytes.subarray(prefixBytes, -(suffixBytesOf(module.bytes) + crcBytes))
}
