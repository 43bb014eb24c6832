// Request 90: the modules of the board in the words of the running release. Before 5.6.0 field 1 with a type numbering
// of its own and failed checks as bits; from 5.6.0 field 2 with checked and passed flags and the suffix hash.

import type { NormalModeHost } from '../board-parts.ts'
import { type Installed, type InstalledModule, readInstalled } from '../boot/installed-modules.ts'
import { areMet } from '../boot/judge-modules.ts'
import { memoryMapOf, moduleFunctions, softDevicePlace } from '../boot/memory-map.ts'
import type { Dependency } from '../boot/read-module.ts'
import { bytes, encode, type Field, fixed32, uint } from './protobuf.ts'

/** Type numbers of the old format, by module function. */
const oldTypes: Readonly<Record<number, number>> = { 2: 1, 4: 2, 5: 3, 3: 4, 7: 5, 8: 6 }
const failedBits = { integrity: 1, dependencies: 2 } as const
const checkFlags = { integrity: 0x02, dependencies: 0x04, range: 0x08, platform: 0x10 } as const
const allChecks = 0x1e

/** System module version of 5.6.0, which speaks the new format. */
export const newFormatFrom = 5600

export function moduleInfoReply(host: NormalModeHost, systemVersion: number): Uint8Array {
  const installed = readInstalled(host.facts.platform, host.chips)
  const listed = installed.modules.filter((one) => one.isIntact || one.function !== moduleFunctions.user)
  if (systemVersion < newFormatFrom) return oldReply(installed, listed)
  return newReply(installed, listed, memoryMapOf(host.facts.platform).platformId)
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
      ...uint(4, one.sizeBytes),
      ...uint(5, validity),
      ...dependencyFields(6, one.dependencies, oldType),
    ])
  })
  if (installed.softDevice) {
    entries.push(encode([...uint(1, oldType(moduleFunctions.radio)), ...uint(3, installed.softDevice.firmwareId)]))
  }
  return encode(entries.flatMap((entry) => bytes(1, entry)))
}

function newReply(installed: Installed, modules: readonly InstalledModule[], platformId: number): Uint8Array {
  const entries = modules.map((one) => {
    const passed =
      (one.isIntact ? checkFlags.integrity : 0) |
      (areMet(installed, one.dependencies) ? checkFlags.dependencies : 0) |
      checkFlags.range |
      (one.platformId === platformId ? checkFlags.platform : 0)
    return encode([
      ...uint(1, one.function),
      ...uint(2, one.index),
      ...uint(3, one.version),
      ...uint(5, one.place.maxSizeBytes),
      ...fixed32(6, allChecks),
      ...fixed32(7, passed),
      ...bytes(8, one.suffixHash),
      ...dependencyFields(9, one.dependencies, (fn) => fn),
      ...uint(11, one.sizeBytes),
    ])
  })
  if (installed.softDevice) entries.push(softDeviceEntry(installed.softDevice))
  return encode(entries.flatMap((entry) => bytes(2, entry)))
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
