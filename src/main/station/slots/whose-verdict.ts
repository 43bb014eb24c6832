// Who keeps the verdict of a job: the board it was about, as the job left it, or the stranger that took its place.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { deviceKeeper, type Keeper, particleKeeper, strangerKeeper } from './keeper.ts'
import type { SlotLife } from './slot-life.ts'
import { namedBy } from './standing.ts'

export interface Found {
  readonly board: BoardIdentity
  /** The enumeration in which the verdict found it. */
  readonly device: UsbDevice
  readonly isThere: boolean
}

/** Null where no recipe says what else the board may come back as. */
export function keeperOf(
  life: SlotLife,
  { board, device, isThere }: Found,
  recipe: ResolvedRecipe | null,
): Keeper | null {
  const { tools } = life
  if (board.kind === 'particle') return particleKeeper(board.deviceId, tools)
  const target = namedBy(recipe, { ...board, deviceRelease: board.revision }, life.kin?.name)
  if (!recipe || !target) return null
  const last = lastIdentity(life, device)
  const isRunning = last?.mode !== 'dfu' || !isThere
  const isLeftRunning = life.view().state === 'passed' && isRunning
  return deviceKeeper({ rules: tools, recipe, target, device, board: last, loader: life.loader, isLeftRunning })
}

export function keeperOfStranger(
  { tools }: SlotLife,
  board: BoardIdentity,
  stranger: { readonly name: string; readonly device: UsbDevice },
): Keeper {
  return board.kind === 'particle' ? particleKeeper(stranger.name, tools) : strangerKeeper(stranger, tools)
}

/** What was read last, if it was read of this enumeration. */
function lastIdentity(life: SlotLife, device: UsbDevice): DfuIdentity | null {
  const { board } = life.view()
  if (board?.kind !== 'dfu') return null
  const isOfIt =
    board.vendorId === device.vendorId &&
    board.productId === device.productId &&
    board.revision === device.deviceRelease
  return isOfIt ? board : null
}
