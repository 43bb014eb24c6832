// Whether placed pieces can be written, and read back, where they are to go: inside the map, not over each other, and
// without erasing what no piece covers. Pure.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import type { DfuRecipeDevice } from '../../../shared/model/recipe.ts'
import { type MemorySector, sectorsFor } from '../dfu/memory-map.ts'
import { memoryName } from './device-facts.ts'
import type { PlacedPiece } from './place-pieces.ts'

export interface PlaceUse {
  readonly erase: DfuRecipeDevice['erase']
  readonly writes: boolean
  readonly readsBack: boolean
}

/** Throws PLAN_REFUSED. */
export function checkPlaces(placed: readonly PlacedPiece[], use: PlaceUse): void {
  refuseOverlaps(placed)
  for (const each of placed) {
    if (each.piece.address === null) continue
    const sectors = sectorsOf(each, use)
    refuseRights(each, sectors, use)
    if (use.writes && use.erase === 'touched') refuseUncovered(each, sectors, placed)
  }
}

function refuseOverlaps(placed: readonly PlacedPiece[]): void {
  for (const [at, { piece }] of placed.entries()) {
    const other = placed.slice(0, at).find((each) => overlap(each, { piece }))
    if (other)
      throw refused(`pieces ${other.piece.position} and ${piece.position} lie over each other in ${piece.memory}`)
  }
}

function overlap({ piece: one }: Pick<PlacedPiece, 'piece'>, { piece: other }: Pick<PlacedPiece, 'piece'>): boolean {
  if (one.alternate !== other.alternate) return false
  if (one.address === null || other.address === null) return true
  return one.address < other.address + other.sizeBytes && other.address < one.address + one.sizeBytes
}

/** Without a map there is nothing to erase by; where all is erased by wish, or nothing written, none is needed. */
function sectorsOf({ piece, memory }: PlacedPiece, { erase, writes }: PlaceUse): readonly MemorySector[] {
  const { address, sizeBytes, position } = piece
  if (!memory.map) {
    if (erase === 'all' || !writes) return []
    throw refused(`${memoryName(memory)} has no memory map: what piece ${position} would erase is not known`)
  }
  try {
    return sectorsFor(memory.map, { address: address ?? 0, sizeBytes })
  } catch (thrown) {
    const why = thrown instanceof Fault ? thrown.detail : String(thrown)
    throw new Fault('PLAN_REFUSED', `piece ${position}: ${why}`, { cause: thrown })
  }
}

function refuseRights({ piece, memory }: PlacedPiece, sectors: readonly MemorySector[], use: PlaceUse): void {
  const fixed = use.writes ? sectors.find(({ isWritable }) => !isWritable) : undefined
  if (fixed)
    throw refused(`piece ${piece.position}: ${memoryName(memory)} cannot be written at ${addressText(fixed.address)}`)
  const blind = use.readsBack ? sectors.find(({ isReadable }) => !isReadable) : undefined
  if (!blind) return
  throw refused(
    `piece ${piece.position}: ${memoryName(memory)} cannot be read at ${addressText(blind.address)}; set verify to "reported"`,
  )
}

/** The erase of a sector takes what lies in it before the piece, too; behind a piece that is usual, before it is not. */
function refuseUncovered(
  { piece, memory }: PlacedPiece,
  [first]: readonly MemorySector[],
  placed: readonly PlacedPiece[],
): void {
  if (!first?.isErasable || piece.address === null || piece.address === first.address) return
  const start = { ...piece, address: first.address, sizeBytes: 1 }
  if (placed.some((other) => overlap(other, { piece: start }))) return
  const range = `${addressText(first.address)}..${addressText(first.address + first.sizeBytes)}`
  throw refused(
    `piece ${piece.position} begins at ${addressText(piece.address)}, amid the sector ${range} of ${memoryName(memory)}: ` +
      'what lies before it would be erased; begin at the sector, or set erase to "all"',
  )
}

function refused(detail: string): Fault {
  return new Fault('PLAN_REFUSED', detail)
}
