// Why a board cannot be served although it is on USB and has a device ID: locked, too old to be asked, or silent. An old
// board is told from a broken one by how it refuses. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import { type ParticleIdentity, valueOrNull } from '../../../shared/model/identity.ts'

/** DEVICE_PROTECTED, DFU_BY_BUTTON, DEVICE_OS_SILENT, or null for a board that can be asked, or is in DFU mode. */
export function notServedBecause(board: ParticleIdentity): Fault | null {
  const { deviceId, mode, answersRequests } = board
  if (valueOrNull(board.isProtected)) return new Fault('DEVICE_PROTECTED', `${deviceId} is in security mode`)
  const saidNothing = !board.modules.known && !board.deviceOsVersion.known && !board.isProtected.known
  if (mode === 'dfu' || !saidNothing) return null
  // Refused at once, every time: as Device OS does that was made before there were such requests.
  if (answersRequests.known && !answersRequests.value) {
    return new Fault('DFU_BY_BUTTON', `${deviceId} refused every control request while Device OS runs`)
  }
  return new Fault('DEVICE_OS_SILENT', `${deviceId}: ${answersRequests.known ? 'no answer' : answersRequests.reason}`)
}
