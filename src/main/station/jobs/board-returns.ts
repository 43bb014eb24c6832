// Waiting for the board of the job after a reset: the same board, on the same port, in the mode that was asked for.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
import type { DeviceId } from '../../../shared/model/ids.ts'
import { readDeviceId } from '../identity/identify.ts'
import { usbIdentityOf } from '../identity/usb-identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { readIdMs } from './deadlines.ts'
import { deviceIdOf, type Job, swapped } from './job.ts'

/**
 * The device that follows `job.device` on the port. Throws MODE_SWITCH_TIMEOUT when none comes in time or it comes in
 * the other mode, BOARD_SWAPPED when it is another board.
 */
export async function boardReturns(job: Job, mode: BoardMode, timeoutMs: number): Promise<UsbDevice> {
  const device = await sameBoardReturns(job, timeoutMs)
  const found = usbIdentityOf(device)
  if (found.kind === 'board' && found.mode === mode) return device
  const where = found.kind === 'board' ? `in ${found.mode} mode` : 'as an unknown device'
  throw new Fault('MODE_SWITCH_TIMEOUT', `the board came back ${where}, wanted ${mode} mode`)
}

async function sameBoardReturns(job: Job, timeoutMs: number): Promise<UsbDevice> {
  const endsAt = job.request.clock.monotonic() + timeoutMs
  while (true) {
    const device = await nextDevice(job, endsAt - job.request.clock.monotonic(), timeoutMs)
    job.device = device
    // Gone again before it could say who it is: it reset once more, and the next one is the one to look at.
    if (await isSameBoard(job, device)) return device
  }
}

/** False when the device is gone before it says who it is. Throws BOARD_SWAPPED for another board. */
export async function isSameBoard(job: Job, device: UsbDevice): Promise<boolean> {
  const id = await idUnlessGone(job, device)
  if (id !== null && id !== deviceIdOf(job)) throw swapped(job, id)
  return id !== null
}

async function nextDevice(job: Job, leftMs: number, timeoutMs: number): Promise<UsbDevice> {
  const { clock, signal, port } = job.request
  const device = await port.nextDevice(job.device, { timeoutMs: Math.max(0, leftMs), clock, signal })
  if (device) return device
  throw new Fault('MODE_SWITCH_TIMEOUT', `no board on the port ${timeoutMs} ms after its reset`)
}

async function idUnlessGone(job: Job, device: UsbDevice): Promise<DeviceId | null> {
  const { clock, signal } = job.request
  try {
    return await readDeviceId(device, { timeoutMs: readIdMs, clock, signal })
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'USB_GONE' && !signal.aborted) return null
    throw thrown
  }
}
