// The planner's last question about a file: may this module go onto a board of this platform at all? Everything else
// about the file was proven when it was imported.
import { type FirmwareModule, moduleName, type TargetAsset } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { boundsOf, forbiddenReason, platformOf } from '../platforms/platforms.ts'
import { checkPlacement } from './check-placement.ts'
import type { BoardModule } from './module-facts.ts'
import { crcSize } from './module-format.ts'
import { type Refuse, refuser } from './refusal.ts'
import { isTolerated } from './soft-device.ts'

/**
 * Throws a Refusal of layer plan (fault PLAN_REFUSED): WRONG_PLATFORM, FORBIDDEN_MODULE, UNKNOWN_MODULE, LOCKS_BOARD,
 * ADDRESS_RANGE for addresses outside its place, NEEDS_ASSETS for an application whose assets are not among `assets`, or
 * PACKED_MODULE for a compressed or combined file: no step of this version can write these.
 */
export function checkModuleFitsBoard(
  module: FirmwareModule & Partial<Pick<BoardModule, 'locksBoard' | 'requiredAssets'>>,
  platform: PlatformName,
  assets: readonly TargetAsset[] = [],
): void {
  const refuse: Refuse = refuser('plan', module.source)
  const { title } = platformOf(platform)
  const name = moduleName(module)
  if (module.platform !== platform && !isTolerated(module, platform)) {
    refuse('WRONG_PLATFORM', `${name} is for the ${platformOf(module.platform).title}, the board is the ${title}`)
  }
  const forbidden = forbiddenReason(platform, module)
  if (forbidden !== null) refuse('FORBIDDEN_MODULE', `${title} ${name}: ${forbidden}`)
  const bounds = boundsOf(platform, module) ?? refuse('UNKNOWN_MODULE', `the ${title} has no module ${name}`)
  if (module.isCompressed || module.isCombined) {
    refuse('PACKED_MODULE', `${name} is ${module.isCompressed ? 'compressed' : 'combined'}; import the plain module`)
  }
  checkPlacement(module, { platform, bounds, dropsHeader: module.dropsHeader }, refuse)
  const declaredBytes = module.endAddress + crcSize - module.startAddress
  if (declaredBytes !== module.sizeBytes) {
    refuse('ADDRESS_RANGE', `${name} says it takes ${declaredBytes} bytes and has ${module.sizeBytes}`)
  }
  const missing = (module.requiredAssets ?? []).filter(
    (wanted) => !assets.some(({ name, sha256 }) => name === wanted.name && sha256 === wanted.sha256),
  )
  if (missing.length > 0) {
    refuse(
      'NEEDS_ASSETS',
      `${name} needs assets (${missing.map((asset) => asset.name).join(', ')}) that do not go with it`,
    )
  }
  if (module.locksBoard) refuse('LOCKS_BOARD', `${name} would lock the board, which an offline station cannot undo`)
}
