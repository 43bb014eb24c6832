// The platforms as the station must know them: chip family, where each module lives, what the host protects. Decide by
// MCU family, never by "generation": trackerm is sold as generation 3 and is an RTL chip. Facts only; no I/O.

import type { ModuleKey } from '../../../shared/model/module.ts'
import { type PlatformName, platformIds } from '../../../shared/model/platform.ts'
import {
  gen2Electron,
  gen2Photon,
  type MemoryFacts,
  nrf4Megabyte,
  nrf8Megabyte,
  nrfOpenMegabyte,
  nrfSmallUser,
  rtl,
  withNcp,
} from './module-bounds.ts'
import type { FactoryImagePlace, McuFamily, ModuleBounds, Platform, ProtectedRange } from './platform-facts.ts'

interface Row {
  readonly title: string
  readonly mcu: McuFamily
  readonly memory: MemoryFacts
  readonly cellular?: true
}

const rows: Readonly<Record<PlatformName, Row>> = {
  photon: { title: 'Photon', mcu: 'stm32f2', memory: gen2Photon },
  p1: { title: 'P1', mcu: 'stm32f2', memory: gen2Photon },
  electron: { title: 'Electron / E Series', mcu: 'stm32f2', memory: gen2Electron, cellular: true },
  argon: { title: 'Argon', mcu: 'nrf52840', memory: withNcp(nrf4Megabyte) },
  boron: { title: 'Boron', mcu: 'nrf52840', memory: nrf4Megabyte, cellular: true },
  xenon: { title: 'Xenon', mcu: 'nrf52840', memory: nrfSmallUser },
  esomx: { title: 'E SoM X', mcu: 'nrf52840', memory: nrf8Megabyte, cellular: true },
  asom: { title: 'A SoM', mcu: 'nrf52840', memory: withNcp(nrfSmallUser) },
  bsom: { title: 'B SoM (B4xx)', mcu: 'nrf52840', memory: nrf4Megabyte, cellular: true },
  xsom: { title: 'X SoM', mcu: 'nrf52840', memory: nrfSmallUser },
  b5som: { title: 'B SoM (B5xx)', mcu: 'nrf52840', memory: nrf8Megabyte, cellular: true },
  tracker: { title: 'Tracker SoM / Monitor One', mcu: 'nrf52840', memory: withNcp(nrf8Megabyte), cellular: true },
  trackerm: { title: 'Tracker M', mcu: 'rtl872x', memory: rtl, cellular: true },
  p2: { title: 'Photon 2 / P2', mcu: 'rtl872x', memory: rtl },
  msom: { title: 'M SoM', mcu: 'rtl872x', memory: rtl, cellular: true },
  electron2: { title: 'Electron 2', mcu: 'nrf52840', memory: nrfOpenMegabyte, cellular: true },
  sulu: { title: 'sulu', mcu: 'rtl872x', memory: rtl, cellular: true },
}

const platforms = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, platformFrom(name as PlatformName, row)]),
) as Readonly<Record<PlatformName, Platform>>

function platformFrom(name: PlatformName, row: Row): Platform {
  return {
    id: platformIds[name],
    name,
    title: row.title,
    mcu: row.mcu,
    isCellular: row.cellular ?? false,
    ...row.memory,
  }
}

/** The facts of a platform. */
export function platformOf(name: PlatformName): Platform {
  return platforms[name]
}

/** Where a module of this kind, index and version may lie on the platform; null when the platform has no such module. */
export function boundsOf(name: PlatformName, module: ModuleKey & { readonly version: number }): ModuleBounds | null {
  const fitting = platforms[name].modules.filter(
    (row) => row.kind === module.kind && row.index === module.index && row.sinceVersion <= module.version,
  )
  return fitting.reduce<ModuleBounds | null>(
    (best, row) => (best === null || row.sinceVersion > best.sinceVersion ? row : best),
    null,
  )
}

/** Why the station refuses this module by name; null when it does not. */
export function forbiddenReason(name: PlatformName, key: ModuleKey): string | null {
  return platforms[name].forbidden.find((row) => row.kind === key.kind && row.index === key.index)?.reason ?? null
}

/** The protected range that [address, address + sizeBytes) of an alternate setting would touch; null when none. */
export function protectedRangeIn(
  name: PlatformName,
  range: { readonly alternate: number; readonly address: number; readonly sizeBytes: number },
): ProtectedRange | null {
  const end = range.address + range.sizeBytes
  return (
    platforms[name].protectedRanges.find(
      (held) => held.alternate === range.alternate && range.address < held.end && end > held.address,
    ) ?? null
  )
}

/**
 * Where the factory reset image of a board belongs. `externalFlashBytes` is what the memory string of its alternate
 * setting 2 counts, null when that was not read. Null: the platform has no such place, or it cannot be told yet.
 */
export function factoryImageOf(name: PlatformName, externalFlashBytes: number | null): FactoryImagePlace | null {
  return (
    platforms[name].factoryImages.find(
      (place) => place.externalFlashBytes === null || place.externalFlashBytes === externalFlashBytes,
    ) ?? null
  )
}

/** Platforms outside `platformIds`, known so that a refusal of a board or a file can name them. */
const otherPlatforms: ReadonlyMap<number, string> = new Map([
  [0, 'Core'],
  [42, 'Tachyon'],
  [88, 'RedBear Duo'],
  [103, 'Bluz'],
])

/** Their names, as a refusal gives them. */
export function otherPlatformNames(): readonly string[] {
  return [...otherPlatforms.values()]
}

export function otherPlatformName(platformId: number): string | null {
  return otherPlatforms.get(platformId) ?? null
}
