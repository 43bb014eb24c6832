// When a person is asked before a device is worked on: its ids are those of a loader that many products share, or it may be
// the board that passed a moment ago. START is the answer yes; taking the device out is the answer no.
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { deviceTargetFor } from '../devices/match.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { SlotLife } from './slot-life.ts'
import type { Standing } from './standing.ts'

const shared = 'is a loader that many products share'

/** True of the question which product a shared loader is, not of the doubt whether a board is the one before. */
export function asksForLoader(question: string): boolean {
  return question.includes(shared)
}

/** The question to the operator; null where none is needed. */
export function questionOf(
  life: SlotLife,
  visitor: { readonly device: UsbDevice; readonly standing: Standing; readonly board: BoardIdentity },
): string | null {
  const { device, standing, board } = visitor
  if (board.kind !== 'dfu' || board.mode !== 'dfu' || standing.kind !== 'device') return null
  const ids = usbIdText(board)
  if (life.doubtful === device) {
    return `${ids} came in its loader right after a board had passed: is this the next one? START says yes`
  }
  const { name, loader } = standing.target.wish
  if (!board.isSharedLoader || loader === 'take' || life.kin?.name === name) return null
  const others = (life.tools.recipe()?.devices ?? [])
    .filter((each) => each !== standing.target && deviceTargetFor([each], board.instances))
    .map(({ wish }) => wish.name)
  const more = others.length > 0 ? ` (the recipe has it for ${others.join(', ')}, too: those must come running)` : ''
  return `${ids} ${shared}: is this a ${name}? START says yes${more}`
}
