// Whether a board listens for its set-up from the start. nRF boards did before Device OS 4.0.0, until a byte of the
// device configuration said that set-up was done.
import type { BoardChips, SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { since } from './device-os-eras.ts'
import { systemVersionOf } from './installed-modules.ts'

export const setupDoneByte = { offset: 8134, done: 0x01, notDone: 0xff } as const

export function startsListening(platform: SimPlatform, chips: BoardChips): boolean {
  if (simPlatformOf(platform).family !== 'nrf52') return false
  if ((systemVersionOf(platform, chips) ?? 0) >= since.alwaysSetUp) return false
  return chips.dct[setupDoneByte.offset] !== setupDoneByte.done
}
