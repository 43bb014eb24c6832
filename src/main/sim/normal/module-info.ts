// Request 90: the modules of the board in the words of the running release. Before 5.6.0 field 1 with a type numbering
// of its own and failed checks as bits; from 5.6.0 field 2 with checked and passed flags and the suffix hash.

import type { NormalModeHost } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { factoryImageOf, factoryPlaceOf } from '../boot/factory-image.ts'
import { type Installed, type InstalledModule, readInstalled } from '../boot/installed-modules.ts'
import { areMet } from '../boot/judge-modules.ts'
import { memoryMapOf, moduleFunctions, softDevicePlace } from '../boot/memory-map.ts'
import { requiredAssetsOf } from '../boot/module-extensions.ts'
import type { Dependency, FlashedModule } from '../boot/read-module.ts'
import { assetDependencyFields } from './asset-info.ts'
import { bytes, encode, type Field, fixed32, uint } from './protobuf.ts'

/** Type numbers of the old format, by module function. */
const oldTypes: Readonly<Record<number, number>> = { 2: 1, 4: 2, 5: 3, 3: 4, 7: 5, 8: 6 }
const failedBits = { integrity: 1, dependencies: 2 } as const
const checkFlags = { integrity: 0x02, dependencies: 0x04, range: 0x08, platform: 0x10 } as const
const allChecks = 0x1e
const stores = { main: 0, factory: 1 } as const
const crcBytes = 4
const ncpMaxBytes = 1500 * 1024

export function moduleInfoReply(host: NormalModeHost, systemVersion: number): Uint8Array {
  const installed = readInstalled(host.facts.platform, host.chips)
  const listed = installed.modules.filter((one) => one.isIntact || one.function !== moduleFunctions.user)
  if (systemVersion < since.newModuleInfo) return oldReply(installed, listed)
  return newReply(host, installed, listed)
}

function dependencyFields(number: number, wanted: readonly Dependency[], typeOf: (fn: number) => number): Field[] {
  return wanted.flatMap((one) =>
    bytes(number, encode([...uint(1, typeOf(one.function)), ...uint(2, one.index), ...uint(3, one.version)])),
  )
}

function oldReply(installed: Installed, modules: readonly InstalledModule[]): Uint8Array {
  const oldType = (moduleFunction: number) => oldTypes[moduleFunction] ?? 0
  const entries = modules.map((one) => {
    const validity =
      (one.isIntact ? 0 : failedBits.integrity) | (areMet(installed, one.dependencies) ? 0 : failedBits.dependencies)
    return encode([
      ...uint(1, oldType(one.function)),
      ...uint(2, one.index),
      ...uint(3, one.version),
      // Without the CRC here, with it in the new format.
      ...uint(4, one.sizeBytes - crcBytes),
      ...uint(5, validity),
      ...dependencyFields(6, one.dependencies, oldType),
    ])
  })
  const { softDevice, ncpVersion } = installed
  const withoutHeader = (moduleFunction: number, version: number) =>
    encode([...uint(1, oldType(moduleFunction)), ...uint(3, version)])
  if (ncpVersion !== null) entries.push(withoutHeader(moduleFunctions.ncp, ncpVersion))
  if (softDevice) entries.push(withoutHeader(moduleFunctions.radio, softDevice.firmwareId))
  return encode(entries.flatMap((entry) => bytes(1, entry)))
}

function newReply(
  { facts: { platform }, chips }: NormalModeHost,
  installed: Installed,
  modules: readonly InstalledModule[],
): Uint8Array {
  const { platformId } = memoryMapOf(platform)
  const entries = modules.map((one) =>
    encode(newFields(installed, one, { platformId, store: stores.main, maxSizeBytes: one.place.maxSizeBytes })),
  )
  const factory = factoryImageOf(platform, chips)
  const factoryPlace = factoryPlaceOf(platform, chips)
  if (factory && factoryPlace) {
    const about = { platformId, store: stores.factory, maxSizeBytes: factoryPlace.sizeBytes }
    entries.push(encode(newFields(installed, factory, about)))
  }
  if (installed.ncpVersion !== null) entries.push(ncpEntry(installed.ncpVersion))
  if (installed.softDevice) entries.push(softDeviceEntry(installed.softDevice))
  return encode(entries.flatMap((entry) => bytes(2, entry)))
}

interface PlaceFacts {
  readonly platformId: number
  readonly store: number
  readonly maxSizeBytes: number
}

function newFields(installed: Installed, one: FlashedModule, place: PlaceFacts): readonly Field[] {
  const passed =
    (one.isIntact ? checkFlags.integrity : 0) |
    (areMet(installed, one.dependencies) ? checkFlags.dependencies : 0) |
    checkFlags.range |
    (one.platformId === place.platformId ? checkFlags.platform : 0)
  const isUser = one.function === moduleFunctions.user && one.isIntact
  return [
    ...uint(1, one.function),
    ...uint(2, one.index),
    ...uint(3, one.version),
    ...uint(4, place.store),
    ...uint(5, place.maxSizeBytes),
    ...fixed32(6, allChecks),
    ...fixed32(7, passed),
    ...bytes(8, one.suffixHash),
    ...dependencyFields(9, one.dependencies, (fn) => fn),
    ...(isUser ? assetDependencyFields(10, requiredAssetsOf(one)) : []),
    ...uint(11, one.sizeBytes),
  ]
}

/** Only its version is known to Device OS; every check counts as passed. No hash and no size. [U] */
function ncpEntry(version: number): Uint8Array {
  return encode([
    ...uint(1, moduleFunctions.ncp),
    ...uint(3, version),
    ...uint(5, ncpMaxBytes),
    ...fixed32(6, allChecks),
    ...fixed32(7, allChecks),
  ])
}

/** Nordic's unique string in place of the hash, no size, no dependencies, every check reported as passed. */
function softDeviceEntry(softDevice: NonNullable<Installed['softDevice']>): Uint8Array {
  return encode([
    ...uint(1, moduleFunctions.radio),
    ...uint(3, softDevice.firmwareId),
    ...uint(5, softDevicePlace.limit - softDevicePlace.start),
    ...fixed32(6, allChecks),
    ...fixed32(7, allChecks),
    ...bytes(8, softDevice.uniqueString),
  ])
}
