// A board on the walk: found on the bus, known by its ID, taken into DFU mode and back with the times that it takes. It
// must be the same board on the same port each time.
import { type DfuSession, openDfu } from '../../src/main/station/dfu/session.ts'
import { identify, readDeviceId, withOpen } from '../../src/main/station/identity/identify.ts'
import { enterDfu } from '../../src/main/station/identity/requests.ts'
import { isBoard, usbIdentityOf } from '../../src/main/station/identity/usb-identity.ts'
import { bootMs, enterDfuMs, selfResetBackMs } from '../../src/main/station/jobs/deadlines.ts'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { BoardMode, ParticleIdentity } from '../../src/shared/model/identity.ts'
import type { DeviceId } from '../../src/shared/model/ids.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import { type PortChange, type PortWatch, watchPort } from './port-watch.ts'
import { type TimedDevice, timedDevice } from './timed-device.ts'

export interface WalkedBoard {
  readonly platform: PlatformName
  readonly deviceId: DeviceId
  readonly portPath: string
  readonly port: PortWatch
}

/** Times of one mode switch; a board that shows itself more than once came back so often. */
export interface ModeSwitch {
  readonly toLeavingMs: number
  readonly toComingMs: number
  readonly visits: number
}

export const waiting = { clock: systemClock, signal: new AbortController().signal }

const settleMs = 1_000
const mostSettlingMs = 10_000

/** The Particle boards on the bus once it has been still for a second, and why others are left out. */
export async function boardsOn(
  bus: UsbBus,
  portPaths: readonly string[] | null,
): Promise<{ readonly boards: readonly WalkedBoard[]; readonly leftOut: readonly string[] }> {
  await untilStill(bus)
  const boards: WalkedBoard[] = []
  const leftOut: string[] = []
  for (const device of bus.devices().filter(isBoard)) {
    const usb = usbIdentityOf(device)
    if (portPaths !== null && !portPaths.includes(device.portPath)) leftOut.push(`${device.portPath}: not asked for`)
    else if (usb.kind !== 'board') leftOut.push(`${device.portPath}: ${usb.kind === 'refused' ? usb.reason : usb.kind}`)
    else {
      const deviceId = await readDeviceId(device, waiting)
      const { portPath } = device
      boards.push({ platform: usb.platform, deviceId, portPath, port: watchPort(bus, portPath) })
    }
  }
  return { boards: boards.toSorted((a, b) => a.portPath.localeCompare(b.portPath)), leftOut }
}

async function untilStill(bus: UsbBus): Promise<void> {
  const startedAt = systemClock.monotonic()
  let changedAt = startedAt
  const stop = bus.watch(() => {
    changedAt = systemClock.monotonic()
  })
  const now = () => systemClock.monotonic()
  while (now() - changedAt < settleMs && now() - startedAt < mostSettlingMs) await systemClock.sleep(50)
  stop()
}

export function modeOf(board: WalkedBoard): BoardMode {
  const mode = usbModeOf(board.port.device())
  if (mode) return mode
  throw new Fault('DEVICE_UNKNOWN', `port ${board.portPath} holds another device`)
}

/** Identified anew; throws BOARD_SWAPPED when another board is in the port. */
export async function identityOf(board: WalkedBoard, before?: ParticleIdentity): Promise<ParticleIdentity> {
  const identity = await identify(board.port.device(), { ...waiting, ...(before && { before }) })
  expectSame(board, identity.deviceId)
  return identity
}

/** By request into DFU mode. */
export async function intoDfu(board: WalkedBoard): Promise<ModeSwitch> {
  board.port.forget()
  const askedAt = await withOpen(board.port.device(), waiting, async (link) => {
    await enterDfu(link)
    return systemClock.monotonic()
  })
  return returns(board, { mode: 'dfu', askedAt, limitMs: enterDfuMs })
}

/** A visit in DFU mode: brought there if it is not, used, started again. On a fault it stays in DFU, closed. */
export async function inDfu<T>(
  board: WalkedBoard,
  use: (session: DfuSession, flashTimes: TimedDevice['flashTimes']) => Promise<T>,
): Promise<T> {
  if (modeOf(board) === 'normal') await intoDfu(board)
  const { device, flashTimes } = timedDevice(board.port.device())
  const session = await sessionOn(board, device)
  try {
    const result = await use(session, flashTimes)
    await outOfDfu(board, session)
    return result
  } finally {
    await session.close()
  }
}

/** A session on a board in DFU mode, on this view of its device. */
export function sessionOn(board: WalkedBoard, device: UsbDevice = board.port.device()): Promise<DfuSession> {
  return openDfu(device, { ...waiting, family: platformOf(board.platform).mcu })
}

/** Leaves DFU mode and closes the session. */
export async function outOfDfu(board: WalkedBoard, session: DfuSession): Promise<ModeSwitch> {
  board.port.forget()
  await session.leave(0)
  const back = returns(board, { mode: 'normal', askedAt: systemClock.monotonic(), limitMs: bootMs })
  await session.close()
  return back
}

/** A board that a hand, or a step that failed, left in DFU mode. */
export async function home(board: WalkedBoard): Promise<void> {
  if (modeOf(board) === 'dfu') await outOfDfu(board, await sessionOn(board))
}

interface Asked {
  readonly mode: BoardMode
  readonly askedAt: number
  readonly limitMs: number
}

/** The board may show itself and reset once more before it stays; it may not stay in the other mode. */
async function returns(board: WalkedBoard, { mode, askedAt, limitMs }: Asked): Promise<ModeSwitch> {
  const left = await board.port.next('left', limitMs)
  let came = await board.port.next('arrived', limitMs)
  for (let visits = 1; ; visits += 1) {
    const isIt = usbModeOf(came.device) === mode && (await isSameUnlessGone(board, came.device))
    if (isIt) return { toLeavingMs: left.atMs - askedAt, toComingMs: came.atMs - left.atMs, visits }
    came = await nextVisit(board, mode)
  }
}

async function nextVisit(board: WalkedBoard, mode: BoardMode): Promise<PortChange> {
  try {
    return await board.port.next('arrived', selfResetBackMs)
  } catch (thrown) {
    throw new Fault('MODE_SWITCH_TIMEOUT', `port ${board.portPath}: came back and stayed, but not in ${mode} mode`, {
      cause: thrown,
    })
  }
}

function usbModeOf(device: UsbDevice): BoardMode | null {
  const usb = usbIdentityOf(device)
  return usb.kind === 'board' ? usb.mode : null
}

async function isSameUnlessGone(board: WalkedBoard, device: UsbDevice): Promise<boolean> {
  try {
    expectSame(board, await readDeviceId(device, waiting))
    return true
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'USB_GONE') return false
    throw thrown
  }
}

function expectSame(board: WalkedBoard, deviceId: DeviceId): void {
  if (deviceId === board.deviceId) return
  throw new Fault('BOARD_SWAPPED', `port ${board.portPath}: ${deviceId} in place of ${board.deviceId}`)
}
