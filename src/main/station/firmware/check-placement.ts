// Whether a module may lie where its header says: the right start for its kind on its platform, and an end within the
// place. A bad address in a file with a good CRC would overwrite a bootloader, so nothing here is lenient.
import { moduleName } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import type { ModuleBounds } from '../platforms/platform-facts.ts'
import { platformOf } from '../platforms/platforms.ts'
import { crcSize, hex, prefixSize } from './module-format.ts'
import type { ModulePrefix } from './module-prefix.ts'
import type { Refuse } from './refusal.ts'

export function checkPlacement(
  prefix: Pick<ModulePrefix, 'startAddress' | 'endAddress'>,
  place: { readonly platform: PlatformName; readonly bounds: ModuleBounds; readonly dropsHeader: boolean },
  refuse: Refuse,
): void {
  const { bounds } = place
  const name = `${platformOf(place.platform).title} ${moduleName(bounds)}`
  const end = prefix.endAddress + crcSize - (place.dropsHeader ? prefixSize : 0)
  const told = `${name} says it lies at ${hex(prefix.startAddress)} to ${hex(end)}`
  if (bounds.anchor === 'end') {
    if (end !== bounds.limit) refuse('ADDRESS_RANGE', `${told}; it must end at ${hex(bounds.limit)}`)
  } else if (!bounds.starts.includes(prefix.startAddress)) {
    refuse('ADDRESS_RANGE', `${told}; it must start at ${bounds.starts.map(hex).join(' or ')}`)
  }
  if (prefix.startAddress < bounds.address || end > bounds.limit) {
    refuse('ADDRESS_RANGE', `${told}; its place is ${hex(bounds.address)} to ${hex(bounds.limit)}`)
  }
}
