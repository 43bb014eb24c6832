// What well-known file names claim about the module inside. Names are hints: a name outside these patterns says
// nothing, but one that contradicts the header means that the set was put together wrongly.
import { type ModuleKey, moduleName } from '../../../shared/model/module.ts'
import { isPlatformName, type PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import { baseOf } from './file-tree.ts'
import type { LibraryModule } from './library-model.ts'
import { isTolerated } from './soft-device.ts'

interface NameClaim {
  readonly platform: PlatformName | null
  readonly fits: (module: LibraryModule) => boolean
}

/** "bootloader.bin" of restore sets, "boron-bootloader@4.0.2.bin" and "...@4.0.2+lto.bin" of releases. */
const namePattern =
  /^(?:([a-z0-9]+)-)?(bootloader|system-part([1-3])|softdevice|prebootloader-(?:mbr|part1)|tinker|tracker-edge|ncp(?:-firmware)?)(?:@[0-9A-Za-z.+-]+)?\.bin$/

/** The contradiction in words, or null when name and header agree or the name claims nothing. */
export function nameContradiction(path: string, module: LibraryModule): string | null {
  const name = baseOf(path).toLowerCase()
  const claim = claimOf(name)
  if (claim === null) return null
  if (!claim.fits(module)) return `the file is called ${name}, but it holds ${moduleName(module)}`
  if (claim.platform === null || module.platform === 'any' || module.platform === claim.platform) return null
  if (isTolerated(module, claim.platform)) return null
  return `the file is called ${name}, but it is for the ${platformOf(module.platform).title}`
}

function claimOf(name: string): NameClaim | null {
  const match = namePattern.exec(name)
  if (match === null) return null
  const [, prefix, what, part] = match
  if (prefix !== undefined && !isPlatformName(prefix)) return null
  return { platform: prefix ?? null, fits: (module) => fitsName(what ?? '', Number(part), module) }
}

function fitsName(what: string, part: number, module: LibraryModule): boolean {
  if (what === 'bootloader') return isKey(module, { kind: 'bootloader', index: 0 })
  if (what === 'prebootloader-mbr') return isKey(module, { kind: 'bootloader', index: 1 })
  if (what === 'prebootloader-part1') return isKey(module, { kind: 'bootloader', index: 2 })
  if (what === 'softdevice') return module.kind === 'radio'
  if (what.startsWith('ncp')) return module.kind === 'ncp'
  if (what.startsWith('system-part')) return module.kind === 'system' && isSystemPart(part, module)
  return module.kind === 'user'
}

/** Electron names its parts in another order than their headers do (part1 is index 3), and an older era did not. */
function isSystemPart(part: number, module: LibraryModule): boolean {
  return module.platform === 'electron' || module.index === part
}

function isKey(module: ModuleKey, key: ModuleKey): boolean {
  return module.kind === key.kind && module.index === key.index
}
