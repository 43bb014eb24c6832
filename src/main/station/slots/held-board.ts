// Whether the board in a slot is the one that had a verdict there before the station restarted. Nobody watched the port
// meanwhile, so a PASS is shown again only where the board itself says that it is the one.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget, ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { deviceTargetFor } from '../devices/match.ts'
import type { HeldBoard } from '../station-command.ts'

export function isHeld(held: HeldBoard, board: BoardIdentity, recipe: ResolvedRecipe | null): boolean {
  if (board.kind === 'particle') return held.name === board.deviceId
  const faces = held.faces.filter(({ portPath }) => portPath === board.portPath)
  if (held.outcome === 'pass') return faces.some((face) => isProvenSame(face, board))
  return faces.some((face) => maybeSame(face, board, recipe))
}

/** Name of the entry in the recipe that the board belongs to in all the modes it was known in. */
export function heldKin({ faces }: HeldBoard, board: BoardIdentity, recipe: ResolvedRecipe | null): string | null {
  return board.kind === 'dfu' ? (entryOf([board, ...faces], recipe)?.wish.name ?? null) : null
}

/** The first entry that names all of them. */
function entryOf(faces: readonly DfuIdentity[], recipe: ResolvedRecipe | null): DeviceTarget | null {
  return recipe?.devices.find((each) => faces.every(({ instances }) => deviceTargetFor([each], instances))) ?? null
}

/** A serial number that no other device has, in the same mode. */
function isProvenSame(face: DfuIdentity, board: DfuIdentity): boolean {
  return isSameFace(face, board) && hasOwnSerial(face) && hasOwnSerial(board)
}

/** Enough to wait for a person: the same ids, or another mode of what the recipe names, and nothing that contradicts. */
function maybeSame(face: DfuIdentity, board: DfuIdentity, recipe: ResolvedRecipe | null): boolean {
  if (hasSameIds(face, board)) return isSameFace(face, board)
  return entryOf([face, board], recipe) !== null
}

/** Two devices that both tell no serial number look the same. */
function isSameFace(face: DfuIdentity, board: DfuIdentity): boolean {
  return hasSameIds(face, board) && serialOf(face) === serialOf(board)
}

function hasSameIds(face: DfuIdentity, board: DfuIdentity): boolean {
  return face.vendorId === board.vendorId && face.productId === board.productId
}

function serialOf({ serialNumber }: DfuIdentity): string | null {
  return serialNumber.known ? serialNumber.value : null
}

/** No other device that anybody knows of has it. */
function hasOwnSerial({ serialNumber, twins }: DfuIdentity): boolean {
  return serialNumber.known && twins.length === 0
}
