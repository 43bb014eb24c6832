// What a board says in its serial string descriptor: its device ID, but on Gen 2 only since Device OS 0.6.0, and in
// upper case until 0.7.0. In DFU mode the bootloader speaks, and its age decides.
import type { BoardChips, BoardFacts } from './board-parts.ts'
import { since } from './boot/device-os-eras.ts'
import { findModule, systemVersionOf } from './boot/installed-modules.ts'
import { moduleFunctions } from './boot/memory-map.ts'
import { simPlatformOf } from './sim-platforms.ts'

/** Every board of that age says the same. */
const constants = { normal: '00000000050C', dfu: '00000000010C' } as const
/** Bootloader module versions of 0.6.1 and 0.7.0; that of 0.6.0 is the one of 0.5.x. */
const bootloaderSince = { deviceIdText: 9, lowerCaseText: 101 } as const

export function serialTextOf({ platform, deviceId }: BoardFacts, chips: BoardChips, mode: 'normal' | 'dfu'): string {
  if (simPlatformOf(platform).family !== 'gen2') return deviceId
  const version = mode === 'dfu' ? bootloaderVersionOf(platform, chips) : (systemVersionOf(platform, chips) ?? 0)
  const border = mode === 'dfu' ? bootloaderSince : since
  if (version < border.deviceIdText) return constants[mode]
  return version < border.lowerCaseText ? deviceId.toUpperCase() : deviceId
}

function bootloaderVersionOf(platform: BoardFacts['platform'], chips: BoardChips): number {
  return findModule(platform, chips, { function: moduleFunctions.bootloader, index: 0 })?.version ?? 0
}
