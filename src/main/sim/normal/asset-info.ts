// Request 91: the assets on the board and those its application needs. A needed one has a name and a hash, no sizes.
import { type AvailableAsset, availableAssets, requiredAssets } from '../assets/board-assets.ts'
import type { NormalModeHost } from '../board-parts.ts'
import type { AssetKey } from '../boot/module-extensions.ts'
import { bytes, encode, type Field, text, uint } from './protobuf.ts'

export function assetInfoReply({ facts: { platform }, chips }: NormalModeHost): Uint8Array {
  const available = availableAssets(platform, chips).map(availableMessage)
  const required = requiredAssets(platform, chips).map((asset) => encode(keyFields(asset)))
  return encode([...available.flatMap((one) => bytes(1, one)), ...required.flatMap((one) => bytes(2, one))])
}

/** As module info lists them with the user part. */
export function assetDependencyFields(number: number, assets: readonly AssetKey[]): readonly Field[] {
  return assets.flatMap((asset) => bytes(number, encode(keyFields(asset))))
}

function availableMessage(asset: AvailableAsset): Uint8Array {
  return encode([...keyFields(asset), ...uint(3, asset.sizeBytes), ...uint(4, asset.storageBytes)])
}

function keyFields({ hash, name }: AssetKey): readonly Field[] {
  return [...bytes(1, hash), ...text(2, name)]
}
