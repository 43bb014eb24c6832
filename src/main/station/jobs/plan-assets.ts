// The assets of the user firmware: sent when all else is done, one by one, unless the board holds them already. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardAssets, ParticleIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule, TargetAsset } from '../../../shared/model/module.ts'
import type { PlanStep, SkippedModule } from '../../../shared/model/plan.ts'
import { platformOf } from '../platforms/platforms.ts'
import { systemFrom } from './platform-limits.ts'
import { deviceOsName, systemAtEnd } from './system-versions.ts'

export interface AssetsPlan {
  readonly steps: readonly PlanStep[]
  readonly skipped: readonly SkippedModule[]
}

export interface AssetsRequest {
  readonly board: ParticleIdentity
  readonly modules: readonly FirmwareModule[]
  readonly assets: readonly TargetAsset[]
  readonly force: boolean
  /** Something goes through the OTA area, which on small external flashes overlaps the place of the assets. */
  readonly hasUpdates: boolean
}

/**
 * Throws PLAN_REFUSED where the board stores no assets, and where the Device OS at the end cannot say that they are there:
 * 5.5.x takes them, and drops a bad one without a word.
 */
export function planAssets(request: AssetsRequest): AssetsPlan {
  const { board, assets } = request
  if (assets.length === 0) return { steps: [], skipped: [] }
  refuseAssets(request, systemAtEnd(board, request.modules))
  const entries = assets.map((asset, at) => ({ asset, position: at + 1, isHeld: isHeld(request, asset) }))
  return {
    steps: entries
      .filter(({ isHeld }) => !isHeld)
      .map(({ asset, position }) => ({ kind: 'asset', asset, position }) as const),
    skipped: entries
      .filter(({ isHeld }) => isHeld)
      .map(({ asset, position }) => ({
        module: { kind: 'asset', index: position, version: null },
        reason: `the board already holds ${asset.name} with this hash`,
      })),
  }
}

export function holdsAsset(held: BoardAssets | null, asset: TargetAsset): boolean {
  return held?.available.some(({ name, sha256 }) => name === asset.name && sha256 === asset.sha256) ?? false
}

function isHeld({ board, force, hasUpdates }: AssetsRequest, asset: TargetAsset): boolean {
  const held = board.assets.known ? board.assets.value : null
  return !force && !hasUpdates && holdsAsset(held, asset)
}

function refuseAssets({ board, assets }: AssetsRequest, system: number | null): void {
  const { title, maxAssetBytes } = platformOf(board.platform)
  const names = assets.map(({ name }) => name).join(', ')
  if (maxAssetBytes === null) {
    throw new Fault('PLAN_REFUSED', `the application needs assets (${names}), and the ${title} stores none`)
  }
  if (system !== null && system < systemFrom.reportsHashes) {
    const why = `${deviceOsName(system)} lists none, so nothing could be proven of them: take 5.6.0 or later`
    throw new Fault('PLAN_REFUSED', `the application needs assets (${names}), ${why}`)
  }
}
