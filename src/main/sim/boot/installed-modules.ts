// Finds every module on a board by reading its chips anew, place by place. Nothing is remembered: what a flash tool
// destroyed is gone here too.
import type { BoardChips, FlashChip, SimPlatform } from '../board-parts.ts'
import { type MemoryMap, type ModulePlace, memoryMapOf, moduleFunctions } from './memory-map.ts'
import { listsNcp } from './ncp.ts'
import { type FlashedModule, readClamped, readModule } from './read-module.ts'
import { readSoftDevice, type SoftDevice } from './soft-device.ts'

export interface InstalledModule extends FlashedModule {
  readonly place: ModulePlace
}

export interface Installed {
  /** In the order of the memory map; a place without a header has no entry. Not intact ones are listed. */
  readonly modules: readonly InstalledModule[]
  readonly softDevice: SoftDevice | null
  /** Of the network processor; null where there is none or Device OS does not count it among its modules. */
  readonly ncpVersion: number | null
}

/** Reads the chips. Of the two nRF user places at most one is listed: the valid one, the 128 KB one before the other. */
export function readInstalled(platform: SimPlatform, chips: BoardChips): Installed {
  const map = memoryMapOf(platform)
  const found = map.places.flatMap((place) => moduleAt(chips.internal, map, place) ?? [])
  return {
    modules: withOneUser(found),
    softDevice: map.family === 'nrf52' ? readSoftDevice(chips.internal) : null,
    ncpVersion: listsNcp(platform, systemVersionOf(platform, chips) ?? 0) ? (chips.ncp?.version ?? null) : null,
  }
}

/** The system part 1 as flashed, intact or not: its version decides which Device OS this is. */
export function systemVersionOf(platform: SimPlatform, chips: BoardChips): number | null {
  return findModule(platform, chips, { function: moduleFunctions.system, index: 1 })?.version ?? null
}

export function findModule(
  platform: SimPlatform,
  chips: BoardChips,
  key: { readonly function: number; readonly index: number },
): InstalledModule | null {
  const map = memoryMapOf(platform)
  const place = map.places.find((one) => one.function === key.function && one.index === key.index)
  return place ? moduleAt(chips.internal, map, place) : null
}

/** The user part that would run: the one that is listed. Null when there is no header of any. */
export function installedUser(platform: SimPlatform, chips: BoardChips): InstalledModule | null {
  const map = memoryMapOf(platform)
  const places = map.places.filter((place) => place.function === moduleFunctions.user)
  return withOneUser(places.flatMap((place) => moduleAt(chips.internal, map, place) ?? []))[0] ?? null
}

function withOneUser(found: readonly InstalledModule[]): readonly InstalledModule[] {
  const isUser = (module: InstalledModule) => module.function === moduleFunctions.user
  const users = found.filter(isUser)
  const chosen = users.find((module) => module.isIntact) ?? users[0]
  return found.filter((module) => !isUser(module) || module === chosen)
}

function moduleAt(chip: FlashChip, map: MemoryMap, place: ModulePlace): InstalledModule | null {
  const starts = 'end' in place.at ? startsBefore(chip, place.at.end, place.maxSizeBytes) : place.at.starts
  let damaged: InstalledModule | null = null
  for (const start of starts) {
    const read = readModule(chip, start, { ...map, maxSizeBytes: place.limit - start })
    if (!read || read.startAddress !== start || !isOf(place, read)) continue
    const module = { ...read, place }
    if (module.isIntact) return module
    damaged ??= module
  }
  return damaged
}

function isOf(place: ModulePlace, module: FlashedModule): boolean {
  return module.function === place.function && module.index === place.index
}

/** Start addresses of headers that claim to end at `end`, searched downwards word by word: prefix extensions move the start. */
function startsBefore(chip: FlashChip, end: number, maxSizeBytes: number): readonly number[] {
  const lowest = end - maxSizeBytes
  const bytes = readClamped(chip, lowest, maxSizeBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts: number[] = []
  for (let offset = bytes.length - 64; offset >= 0; offset -= 4) {
    if (view.getUint32(offset + 4, true) !== end - 4) continue
    if (view.getUint32(offset, true) === lowest + offset) starts.push(lowest + offset)
  }
  return starts
}
