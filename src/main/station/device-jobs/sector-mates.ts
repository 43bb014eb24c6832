// Pieces that lie in one sector, or in a row of sectors from piece to piece: where one of them is written the erase takes
// the others along, so that none may be left alone unless all are. Pure.
import type { DevicePiece } from '../../../shared/model/device-plan.ts'
import { type MemoryMap, sectorsFor } from '../dfu/memory-map.ts'

/** All others that an erase for `piece` would take along, near or far; none where nothing is erased by sectors. */
export function sectorMates(
  piece: DevicePiece,
  all: readonly DevicePiece[],
  map: MemoryMap | null,
): readonly DevicePiece[] {
  if (!map) return []
  const inMemory = all.filter(({ alternate }) => alternate === piece.alternate)
  const left = new Map(inMemory.map((each) => [each, sectorStarts(each, map)]))
  const reached = new Set(sectorStarts(piece, map))
  const mates: DevicePiece[] = []
  for (let next = nextReached(left, reached); next; next = nextReached(left, reached)) {
    for (const start of left.get(next) ?? []) reached.add(start)
    left.delete(next)
    mates.push(next)
  }
  return mates.filter(({ position }) => position !== piece.position)
}

type SectorsOf = ReadonlyMap<DevicePiece, readonly number[]>

function nextReached(left: SectorsOf, reached: ReadonlySet<number>): DevicePiece | null {
  for (const [other, starts] of left) if (starts.some((start) => reached.has(start))) return other
  return null
}

function sectorStarts({ address, sizeBytes }: DevicePiece, map: MemoryMap): readonly number[] {
  return address === null ? [] : sectorsFor(map, { address, sizeBytes }).map((sector) => sector.address)
}
