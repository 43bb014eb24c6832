// Waiting for the device of the job after a reset, and telling who came: the same device in one of its modes, a program
// that does not speak DFU, nobody, or another device. Nothing is opened that the recipe does not name.
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import { type DfuIdentity, usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
import { deviceKind } from '../devices/device-kind.ts'
import { identifyDevice } from '../devices/identify-device.ts'
import { instancesOf } from '../devices/instance-ids.ts'
import { deviceTargetFor } from '../devices/match.ts'
import { habitsOf } from '../devices/quirk-book.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { settleMs } from './device-deadlines.ts'
import { type DeviceJob, swapped } from './device-job.ts'
import { noteSerial, serialComplaint } from './same-serial.ts'

/**
 * device: named by the recipe, and asked who it is. program: it has no DFU interface; its revision is known where the
 * recipe names its ids. stayed: the old enumeration is still there. nothing: the port is empty.
 */
export type Returned =
  | { readonly kind: 'device'; readonly board: DfuIdentity }
  | { readonly kind: 'program'; readonly name: string; readonly revision: number | null }
  | { readonly kind: 'stayed' }
  | { readonly kind: 'nothing' }

interface Wait {
  /** null: whichever comes first. */
  readonly wanted: BoardMode | null
  readonly timeoutMs: number
}

/**
 * Whoever follows `job.device` on the port; a device in the mode that is not wanted gets some time to change it. Throws
 * BOARD_SWAPPED when another device came.
 */
export async function deviceReturns(job: DeviceJob, { wanted, timeoutMs }: Wait): Promise<Returned> {
  const { clock, signal, port } = job.request
  const start = job.device
  let previous = start
  let endsAt = clock.monotonic() + timeoutMs
  let seen: Returned = { kind: 'nothing' }
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = endsAt - clock.monotonic()) {
    const device = await port.nextDevice(previous, { timeoutMs: leftMs, clock, signal })
    if (!device) break
    previous = device
    const found = await lookAt(job, device)
    // Gone again before it could say who it is: it reset once more, and the next one is the one to look at.
    if (!found) continue
    job.device = device
    seen = found
    if (isWanted(found, wanted)) return found
    endsAt = Math.min(endsAt, clock.monotonic() + settleMs)
  }
  signal.throwIfAborted()
  if (port.current() === null) return { kind: 'nothing' }
  return port.current() === start ? { kind: 'stayed' } : seen
}

/** How long quirks allow a device to stay away, at least `timeoutMs`. */
export function patienceFor({ request, device }: DeviceJob, timeoutMs: number): number {
  return Math.max(timeoutMs, habitsOf(request.quirks, device).returnPatienceMs ?? 0)
}

function isWanted(found: Returned, wanted: BoardMode | null): boolean {
  if (found.kind === 'device') return wanted === null || found.board.mode === wanted
  return wanted !== 'dfu'
}

/** null when it is gone before it says who it is. Throws BOARD_SWAPPED for another device. */
async function lookAt(job: DeviceJob, device: UsbDevice): Promise<Returned | null> {
  const { quirks } = job.request
  const kind = deviceKind(device, quirks)
  const isNamed = deviceTargetFor([job.target], instancesOf(device)) !== null
  const name = `${usbIdText(device)} on ${device.portPath}`
  if (kind === 'particle') throw swapped(job, name, 'a Particle board')
  if (kind === 'other') return { kind: 'program', name, revision: isNamed ? device.deviceRelease : null }
  if (!isNamed) {
    const hint = `if this is its loader or its program, add "${usbIdText(device)}" to match`
    throw swapped(job, name, `a DFU device that "${job.target.wish.name}" does not name; ${hint}`)
  }
  const board = await identifyUnlessGone(job, device)
  if (!board) return null
  const complaint = serialComplaint(job.serials, board)
  if (complaint) throw swapped(job, boardName(board), complaint)
  noteSerial(job.serials, board)
  return { kind: 'device', board }
}

async function identifyUnlessGone(job: DeviceJob, device: UsbDevice): Promise<DfuIdentity | null> {
  const { signal } = job.request
  try {
    return await identifyAgain(job, device)
  } catch (thrown) {
    if (asFault(thrown).code === 'USB_GONE' && !signal.aborted) return null
    throw thrown
  }
}

/** Who else has its serial number only the bench can know. */
export async function identifyAgain({ request }: DeviceJob, device: UsbDevice): Promise<DfuIdentity> {
  const { clock, signal, quirks, board, twinsOf } = request
  const found = await identifyDevice(device, { clock, signal, book: quirks })
  return { ...found, twins: twinsOf?.(found) ?? board.twins }
}

/** What came back, for a fault or a record. */
export function returnedWords(returned: Returned): string {
  switch (returned.kind) {
    case 'device':
      return returned.board.mode === 'dfu' ? 'in DFU mode' : 'running its program'
    case 'program':
      return `as ${returned.name}, which offers no DFU`
    case 'stayed':
      return 'not at all: it never left the bus'
    default:
      return 'not at all: the port is empty'
  }
}

/** It runs a program, or nobody sees what it does; else the fault of one that is still in DFU mode. */
export function refuseLoader(returned: Returned, when: string): void {
  const isInLoader = returned.kind === 'stayed' || (returned.kind === 'device' && returned.board.mode === 'dfu')
  if (isInLoader) throw new Fault('PROGRAM_NOT_RUNNING', `${when} the device came back ${returnedWords(returned)}`)
}
