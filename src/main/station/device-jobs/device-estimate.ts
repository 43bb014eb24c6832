// How long each step on a DFU device may take: the weights of the progress bar. Nobody tells how fast its flash is, so
// these are the figures of a full-speed device with the flash of a small microcontroller; the clock corrects them.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { DeviceStep } from '../../../shared/model/device-plan.ts'

const writeMsPerKib = 30
const readMsPerKib = 3
const enterDfuMs = 1_500
const unprotectMs = 10_000
const massEraseMs = 8_000
const leaveMs = 1_500
const proveMs = 300

export function estimateDeviceMs(step: DeviceStep): number {
  switch (step.kind) {
    case 'enter-dfu':
      return enterDfuMs
    case 'unprotect':
      return unprotectMs
    case 'mass-erase':
      return massEraseMs
    case 'write':
      return (step.piece.sizeBytes / 1024) * writeMsPerKib
    case 'verify':
    case 'examine':
      return (step.piece.sizeBytes / 1024) * readMsPerKib
    case 'leave-dfu':
      return leaveMs
    case 'prove':
    case 'judge':
    case 'identify':
      return proveMs
    default:
      return assertNever(step)
  }
}
