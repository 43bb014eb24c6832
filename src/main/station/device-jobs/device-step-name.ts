// A step on a DFU device in words: the same on the slot, in the record and in the log.

import { assertNever } from '../../../shared/fault/fault.ts'
import { placeText } from '../../../shared/model/address.ts'
import type { DevicePlan, DeviceStep } from '../../../shared/model/device-plan.ts'

export function deviceStepName(step: DeviceStep): string {
  switch (step.kind) {
    case 'enter-dfu':
      return 'Enter DFU'
    case 'unprotect':
      return 'Remove read protection'
    case 'mass-erase':
      return `Erase memory ${step.alternate}`
    case 'write':
      return `Write ${placeText(step.piece)}`
    case 'verify':
      return `Verify ${placeText(step.piece)}`
    case 'examine':
      return `Examine ${placeText(step.piece)}`
    case 'leave-dfu':
      return 'Start its program'
    case 'prove':
      return 'Prove the firmware'
    case 'judge':
      return 'Judge the firmware'
    case 'identify':
      return 'Identify'
    default:
      return assertNever(step)
  }
}

/** The plan as its record keeps it. */
export function devicePlanLines({ steps, notes }: DevicePlan): readonly string[] {
  return [...steps.map(stepLine), ...notes.map((note) => `Note: ${note}`)]
}

function stepLine(step: DeviceStep): string {
  if (!('piece' in step)) return deviceStepName(step)
  const { alternate, sizeBytes, sha256 } = step.piece
  return `${deviceStepName(step)}: memory ${alternate}, ${sizeBytes} bytes, SHA-256 ${sha256}`
}
