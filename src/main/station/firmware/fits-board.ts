// The planner's last question about a file: may this module go onto a board of this platform at all? Everything else
// about the file was proven when it was imported.
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { boundsOf, forbiddenReason, platformOf } from '../platforms/platforms.ts'
import { refuser } from './refusal.ts'
import { isTolerated } from './soft-device.ts'

/**
 * Throws a Refusal of layer plan (fault PLAN_REFUSED): WRONG_PLATFORM, FORBIDDEN_MODULE, UNKNOWN_MODULE, LOCKS_BOARD,
 * or PACKED_MODULE for a compressed or combined file, which no step of this version can write.
 */
export function checkModuleFitsBoard(
  module: FirmwareModule & { readonly locksBoard?: boolean },
  platform: PlatformName,
): void {
  const refuse = refuser('plan', module.source)
  const { title } = platformOf(platform)
  const name = moduleName(module)
  if (module.platform !== platform && !isTolerated(module, platform)) {
    refuse('WRONG_PLATFORM', `${name} is for the ${platformOf(module.platform).title}, the board is a ${title}`)
  }
  const forbidden = forbiddenReason(platform, module)
  if (forbidden !== null) refuse('FORBIDDEN_MODULE', `${title} ${name}: ${forbidden}`)
  if (boundsOf(platform, module) === null) refuse('UNKNOWN_MODULE', `the ${title} has no module ${name}`)
  if (module.isCompressed || module.isCombined) {
    refuse('PACKED_MODULE', `${name} is ${module.isCompressed ? 'compressed' : 'combined'}; import the plain module`)
  }
  if (module.locksBoard) refuse('LOCKS_BOARD', `${name} would lock the board, which an offline station cannot undo`)
}
