// Waiting for the board of the job after a reset: the same board, on the same port, in the mode that was asked for.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
import type { DeviceId } from '../../../shared/model/ids.ts'
import { readDeviceId } from '../identity/identify.ts'
import { usbIdentityOf } from '../identity/usb-identity.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { readIdMs } from './deadlines.ts'
import { deviceIdOf, type Job } from './job.ts'

/**
 * The device that follows `job.device` on the port. Throws MODE_SWITCH_TIMEOUT when none comes in time or it comes in
 * the other mode, BOARD_SWAPPED when it is another board.
 */
export async function boardReturns(job: Job, mode: BoardMode, timeoutMs: number): Promise<UsbDevice> {
  const endsAt = job.request.clock.monotonic() + timeoutMs
  while (true) {
    const device = await nextDevice(job, endsAt - job.request.clock.monotonic(), timeoutMs)
    const id = await idUnlessGone(job, device)
    job.device = device
    // Gone again before it could say who it is: it reset once more, and the next one is the one to look at.
    if (id === null) continue
    if (id !== deviceIdOf(job)) throw new Fault('BOARD_SWAPPED', `${deviceIdOf(job)} left, ${id} came`)
    const found = usbIdentityOf(device)
    if (found.kind === 'board' && found.mode === mode) return device
    const where = found.kind === 'board' ? `in ${found.mode} mode` : 'as an unknown device'
    throw new Fault('MODE_SWITCH_TIMEOUT', `the board came back ${where}, wanted ${mode} mode`)
  }
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
