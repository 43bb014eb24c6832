// Reads the six bytes of a GETSTATUS reply. Values the standard does not know are kept as numbers and named as such:
// devices do send them, and the machine that asked decides what they mean.
import { Fault } from '../../../shared/fault/fault.ts'
import { type DfuStateName, type DfuStatusName, dfuStates, dfuStatuses, statusBytes } from './words.ts'

export interface DfuStatus {
  /** bStatus. */
  readonly status: number
  /** bState: the state the device enters after this reply. */
  readonly state: number
  /** bwPollTimeout, 24 bits: how long the host waits before it asks again. */
  readonly pollTimeoutMs: number
  /** iString: text of the status, 0 when there is none. */
  readonly stringIndex: number
}

const stateNames = new Map(Object.entries(dfuStates).map(([name, value]) => [value as number, name as DfuStateName]))
const statusNames = new Map(
  Object.entries(dfuStatuses).map(([name, value]) => [value as number, name as DfuStatusName]),
)

/** Throws DFU_PROTOCOL when the reply is not six bytes (USB DFU 1.1, section 6.1.2). */
export function parseStatus(bytes: Uint8Array): DfuStatus {
  if (bytes.length !== statusBytes) {
    throw new Fault('DFU_PROTOCOL', `GETSTATUS gave ${bytes.length} bytes, expected ${statusBytes}`)
  }
  const [status = 0, low = 0, middle = 0, high = 0, state = 0, stringIndex = 0] = bytes
  return { status, state, pollTimeoutMs: low | (middle << 8) | (high << 16), stringIndex }
}

/** "dfuDNBUSY", or "state 15" for a value of no standard. */
export function stateName(state: number): string {
  return stateNames.get(state) ?? `state ${state}`
}

/** "errVENDOR", or "status 99" for a value of no standard. */
export function statusName(status: number): string {
  return statusNames.get(status) ?? `status ${status}`
}

export function knownStatusName(status: number): DfuStatusName | null {
  return statusNames.get(status) ?? null
}
