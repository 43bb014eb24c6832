// The network processor (ESP32) beside the chip of Argon, A SoM and Tracker: what firmware it runs, and whether the
// running Device OS counts it among its modules. No USB tool reaches its flash.
import type { BoardChips, NcpMemory, SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { since } from './device-os-eras.ts'
import type { FlashedModule } from './read-module.ts'

/** Older than the one version for each that Device OS asks for: 7 on a Tracker since Device OS 3.0.0. */
const factoryVersions = { argon: 5, trackerBefore3: 6, tracker: 7 } as const
const trackerNeedsNewFrom = 3000
const prefixBytes = 24
const tailBytes = 40

/** As the factory leaves it with that Device OS; null on a board without one. */
export function factoryNcp(platform: SimPlatform, systemVersion: number): NcpMemory | null {
  if (simPlatformOf(platform).ncp === null) return null
  if (platform !== 'tracker') return { version: factoryVersions.argon, firmware: null }
  const isOld = systemVersion < trackerNeedsNewFrom
  return { version: isOld ? factoryVersions.trackerBefore3 : factoryVersions.tracker, firmware: null }
}

/** From 5.6.0 on, Device OS of a Tracker no longer updates nor lists its network processor. */
export function listsNcp(platform: SimPlatform, systemVersion: number): boolean {
  if (simPlatformOf(platform).ncp === null) return false
  return platform !== 'tracker' || systemVersion < since.newModuleInfo
}

/** Writes it as Device OS does: what lies between the header and the suffix. */
export function writeNcp({ ncp }: BoardChips, module: FlashedModule): void {
  if (!ncp) return
  ncp.version = module.version
  ncp.firmware = module.bytes.slice(prefixBytes, -tailBytes)
}
