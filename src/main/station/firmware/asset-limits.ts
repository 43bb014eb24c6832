// Whether the assets of an application fit on a platform: each by itself, and all together in the blocks of its asset
// store. What counts is the asset module as it is stored, packed or not.
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { Refuse } from './refusal.ts'

const blockBytes = 4096
/** Head of every block of the store. */
const blockHeadBytes = 8
/** Blocks the store keeps for itself. */
const reservedBlocks = 10

export interface SizedAsset {
  readonly name: string
  /** Length of its asset module. */
  readonly moduleBytes: number
}

/** Refuses ASSET_LIMIT with the names; does nothing for an application without assets. */
export function checkAssetsFit(platform: PlatformName, assets: readonly SizedAsset[], refuse: Refuse): void {
  if (assets.length === 0) return
  const { title, maxAssetBytes, assetBlocks } = platformOf(platform)
  const names = assets.map(({ name }) => name).join(', ')
  const largest = maxAssetBytes ?? refuse('ASSET_LIMIT', `it has assets (${names}); the ${title} stores none`)
  for (const { name, moduleBytes } of assets) {
    if (moduleBytes > largest) {
      refuse('ASSET_LIMIT', `"${name}" takes ${moduleBytes} bytes; ${largest} is the most for the ${title}`)
    }
  }
  const needed = assets.reduce((sum, { moduleBytes }) => sum + blocksFor(moduleBytes), 0)
  const most = (assetBlocks ?? 0) - reservedBlocks
  if (needed > most) refuse('ASSET_LIMIT', `its assets take ${needed} blocks; ${most} is the most for the ${title}`)
}

function blocksFor(moduleBytes: number): number {
  return Math.ceil(moduleBytes / (blockBytes - blockHeadBytes))
}
