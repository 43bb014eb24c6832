// Waiting for the board of the job after a reset: the same board, on the same port, in the mode that was asked for.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
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
  const { clock, signal, port } = job.request
  const device = await port.nextDevice(job.device, { timeoutMs, clock, signal })
  if (!device) throw new Fault('MODE_SWITCH_TIMEOUT', `no board on the port ${timeoutMs} ms after its reset`)
  const id = await readDeviceId(device, { timeoutMs: readIdMs, clock, signal })
  if (id !== deviceIdOf(job)) throw new Fault('BOARD_SWAPPED', `${deviceIdOf(job)} left, ${id} came`)
  job.device = device
  const found = usbIdentityOf(device)
  if (found.kind !== 'board' || found.mode !== mode) {
    const where = found.kind === 'board' ? `in ${found.mode} mode` : 'as an unknown device'
    throw new Fault('MODE_SWITCH_TIMEOUT', `the board came back ${where}, wanted ${mode} mode`)
  }
  return device
}
