// The one module that may carry another platform's name: real sets up to Device OS 3.3 put the Argon SoftDevice into
// every nRF set. Its payload is the same for all of them and its header is not written; nothing else is tolerated.
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { LibraryModule } from './library-model.ts'

/** Suffix hashes of the SoftDevices that Particle shipped for all nRF platforms: S140 6.0.0, 6.1.1, 7.0.1. */
const sharedSoftDevices = new Set([
  '3c5675ce9239d3159079f61ffac3c85d90c24921d8fe347673380399a4cc259d',
  '21efaaa201f6c1e1bddaceb90c15167f847d1f3e0a0dab9290a1aafac28da718',
  '939fee60b4b8dcb8cf25533a46ba8774c418174b80d5fad5e1f89064c04d8bb4',
])

type SoftDeviceLike = Pick<LibraryModule, 'platform' | 'kind' | 'suffixSha256'>

/** True for a shared SoftDevice of another nRF platform that may stand in a set, and on a board, of `platform`. */
export function isTolerated(module: SoftDeviceLike, platform: PlatformName): boolean {
  if (module.platform === 'any' || module.kind !== 'radio') return false
  const bothNrf = platformOf(module.platform).mcu === 'nrf52840' && platformOf(platform).mcu === 'nrf52840'
  return bothNrf && sharedSoftDevices.has(module.suffixSha256)
}
