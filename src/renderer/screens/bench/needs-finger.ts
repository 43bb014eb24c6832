// Faults of boards that are not bad: they wait for a finger on a button, and go on.
import type { FaultReport } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'

const byFinger: ReadonlySet<FaultCode> = new Set(['DFU_BY_BUTTON', 'DEVICE_OS_NOT_RUNNING', 'DEVICE_OS_SILENT'])

export function needsFinger(fault: FaultReport | null): boolean {
  return fault !== null && byFinger.has(fault.code)
}
