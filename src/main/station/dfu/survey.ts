// What a write or an erase of a range will do, before anything is sent: the sectors that it changes, those that must be
// erased first, the runs of bytes that must be sent. Pure; it throws what the guard says.
import type { ByteRange } from './erased-sectors.ts'
import { type GuardedRange, guardedSectors } from './guard.ts'
import type { MemoryMap, MemorySector } from './memory-map.ts'
import type { SessionState } from './session-state.ts'

export interface SurveyedRange extends GuardedRange {
  readonly map: MemoryMap
  /** Addresses of sectors that hold their bytes already; none by default. */
  readonly held?: ReadonlySet<number>
}

export interface Survey {
  /** Sectors that will be changed, ascending. */
  readonly sectors: readonly MemorySector[]
  /** Those of them that must be erased first. */
  readonly due: readonly MemorySector[]
  readonly dueBytes: number
  /** The bytes of neighbouring sectors are one run: its address is set once. */
  readonly runs: readonly ByteRange[]
  readonly runBytes: number
}

/** Throws DEVICE_PROTECTED and DFU_ADDRESS_FORBIDDEN. */
export function survey(state: SessionState, range: SurveyedRange): Survey {
  const all = guardedSectors(state.family, range.map, range)
  const held = heldForGood(state, range, all)
  const sectors = all.filter((sector) => !held.has(sector.address))
  const bytes = { startAddress: range.address, endAddress: range.address + range.sizeBytes }
  const due = range.erases ? state.erased.due(range.alternate, sectors, bytes) : []
  const runs = runsOf(sectors, bytes)
  return {
    sectors,
    due,
    dueBytes: due.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    runs,
    runBytes: runs.reduce((sum, { startAddress, endAddress }) => sum + endAddress - startAddress, 0),
  }
}

/** Without the sectors that the bootloader erases by itself once another one of the range is written. */
function heldForGood(
  state: SessionState,
  { alternate, held = new Set() }: SurveyedRange,
  all: readonly MemorySector[],
): ReadonlySet<number> {
  const written = all.filter((sector) => !held.has(sector.address))
  const lost = state.family.sideErases
    .filter((each) => each.alternate === alternate && written.some((sector) => holds(sector, each.writing)))
    .flatMap(({ erases }) => all.filter((sector) => holds(sector, erases)))
    .map(({ address }) => address)
  return new Set([...held].filter((address) => !lost.includes(address)))
}

function holds(sector: MemorySector, address: number): boolean {
  return sector.address <= address && address < sector.address + sector.sizeBytes
}

function runsOf(sectors: readonly MemorySector[], bytes: ByteRange): readonly ByteRange[] {
  const runs: ByteRange[] = []
  for (const sector of sectors) {
    const startAddress = Math.max(sector.address, bytes.startAddress)
    const endAddress = Math.min(sector.address + sector.sizeBytes, bytes.endAddress)
    const last = runs.at(-1)
    if (last?.endAddress === startAddress) runs[runs.length - 1] = { startAddress: last.startAddress, endAddress }
    else runs.push({ startAddress, endAddress })
  }
  return runs
}
