// Which faults a hand on a button mends, and how: which button is held, what is pressed, what light to wait for.
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { handWork } from '../../text/hand-work.ts'
import { type Body, bodyOf, buttonName } from '../platform-family.ts'

export type Light = keyof typeof handWork.lights

export interface HandWork {
  readonly body: Body
  readonly button: 'MODE' | 'SETUP'
  readonly holdsButton: boolean
  readonly pressesReset: boolean
  readonly light: Light
  readonly steps: readonly string[]
}

/** Nobody here knows the buttons of any other device: the words alone. Null where no hand helps. */
export function deviceHandWork(code: FaultCode): readonly string[] | null {
  return code === 'DFU_BY_BUTTON' ? handWork.device : null
}

/** Null where no button helps. */
export function handWorkOf(code: FaultCode, platform: PlatformName): HandWork | null {
  const button = buttonName(platform)
  const board = { body: bodyOf(platform), button }
  switch (code) {
    case 'DFU_BY_BUTTON':
      return { ...board, holdsButton: true, pressesReset: true, light: 'yellow', steps: handWork.dfu(button) }
    case 'IDENTITY_UNREADABLE':
    case 'DEVICE_OS_NOT_RUNNING':
    case 'CONTROL_REQUEST_FAILED':
      return { ...board, holdsButton: false, pressesReset: true, light: 'any', steps: handWork.resetOnce }
    case 'DEVICE_OS_SILENT':
      return { ...board, holdsButton: false, pressesReset: true, light: 'any', steps: handWork.silent(button) }
    default:
      return null
  }
}
