// Tells the board to leave DFU and start its firmware. After it nothing may be sent: on nRF and RTL boards one more
// class request would cancel the reset. A board that vanishes or stalls here has done what it was asked.
import { addressText } from '../../../shared/model/address.ts'
import { lostFault, statusFault } from './dfu-faults.ts'
import { enterMemory } from './enter.ts'
import { askStatus, type Dfu, sendBlock } from './machine.ts'
import { faultBehindStall, operate, setAddress } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { type DfuStatus, stateName } from './status.ts'
import { dfuStates, firstDataBlock } from './words.ts'

export interface LeaveReport {
  /** The state the board reported last; null when it was gone already, which is normal. */
  readonly lastState: string | null
  /** False when the family reports another state on its way out: the board may stay. */
  readonly isExpected: boolean
}

const leaveTimeoutMs = 1000

/** `address` null: where the board thinks best. Throws what the board reports when it refuses; a transfer error after the request is normal. */
export function* leaveDfu(state: SessionState, address: number | null): Dfu<LeaveReport> {
  const { family } = state
  yield* enterMemory(state, state.alternate ?? 0, 'download')
  if (family.leaveNeedsAddress && address !== null) yield* operate(state, [setAddress(address)])
  const act = {
    purpose: 'leave',
    detail: address === null ? 'leave DFU' : `leave DFU to ${addressText(address)}`,
  } as const
  const sent = yield* sendBlock(firstDataBlock, new Uint8Array(0), leaveTimeoutMs)
  if (sent.kind === 'stalled') throw yield* faultBehindStall(family, act)
  if (sent.kind === 'lost' && sent.fault.code !== 'USB_GONE') throw lostFault(act, sent.fault)
  state.phase = 'left'
  if (sent.kind === 'lost') return { lastState: null, isExpected: true }
  const told = yield* askStatus(leaveTimeoutMs)
  if (told.kind !== 'status') return { lastState: null, isExpected: true }
  if (told.status.state === dfuStates.dfuERROR) throw refused(state, told.status)
  return { lastState: stateName(told.status.state), isExpected: family.leaveStates.includes(told.status.state) }
}

/** The board stays in DFU with an error: the session may be used again. */
function refused(state: SessionState, status: DfuStatus) {
  state.phase = 'unknown'
  return statusFault(state.family.statusFaults, { purpose: 'leave', detail: 'leave DFU' }, status)
}
