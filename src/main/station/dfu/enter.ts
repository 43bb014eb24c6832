// The ways between operations: into a memory, out of an upload, to an address that is to be read. They send only what
// the state that the board was left in calls for.
import { Fault } from '../../../shared/fault/fault.ts'
import { lostFault } from './dfu-faults.ts'
import { home } from './home.ts'
import { type Dfu, select, sendBare } from './machine.ts'
import { faultBehindStall, operate, setAddress } from './operate.ts'
import type { SessionState } from './session-state.ts'

/** Goes home when the state of the board is unknown, ends what is not wanted, chooses the memory. */
export function* enterMemory(
  state: SessionState,
  alternate: number,
  wanted: 'download' | 'upload' | 'idle',
): Dfu<void> {
  if (state.phase === 'left') throw new Fault('INTERNAL', 'the board is on its way out of DFU; nothing may be sent')
  if (state.phase === 'unknown') yield* home(state)
  const changes = state.alternate !== alternate
  if (state.phase !== 'idle' && (changes || state.phase !== wanted)) yield* abort(state)
  if (!changes) return
  const chosen = yield* select(alternate)
  if (chosen.kind === 'lost') throw chosen.fault
  if (chosen.kind === 'stalled') throw new Fault('DFU_PROTOCOL', `the board refuses alternate setting ${alternate}`)
  state.alternate = alternate
}

/** Sets the address and returns to dfuIDLE: UPLOAD is not defined in dfuDNLOAD-IDLE (USB DFU 1.1, appendix A). */
export function* pointAt(state: SessionState, alternate: number, address: number): Dfu<void> {
  yield* enterMemory(state, alternate, 'download')
  yield* operate(state, [setAddress(address)])
  yield* abort(state)
}

/** ABORT: from a download or an upload to dfuIDLE; the address pointer stays. */
export function* abort(state: SessionState): Dfu<void> {
  const act = { purpose: 'read', detail: 'abort' } as const
  const sent = yield* sendBare('ABORT', state.family.transferTimeoutMs)
  if (sent.kind === 'lost') throw lostFault(act, sent.fault)
  if (sent.kind === 'stalled') throw yield* faultBehindStall(state.family, act)
  state.phase = 'idle'
}
