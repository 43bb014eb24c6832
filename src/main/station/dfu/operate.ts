// One DfuSe operation: a DNLOAD, then GETSTATUS until the board is done (USB DFU 1.1, section 6.1.2). Checks status and
// state each time, honours bwPollTimeout, and turns every failure into one fault with its reason.
import { Fault } from '../../../shared/fault/fault.ts'
import { type DfuAct, describeStatus, lostFault, stallFault, statusFault } from './dfu-faults.ts'
import type { DfuFamily } from './families.ts'
import { home } from './home.ts'
import { askStatus, begin, type Dfu, endSent, endTold, select, sendBare, type Told, timeNow, wait } from './machine.ts'
import type { SessionState } from './session-state.ts'
import type { DfuStatus } from './status.ts'
import { commandBlock, dfuStates, dfuStatuses } from './words.ts'

/** A board that names no time is asked at once; one that then stays busy is asked ever less often. */
const patientPolls = 2
const longestPauseMs = 100

export interface Download {
  readonly block: number
  readonly data: Uint8Array
  readonly act: DfuAct
}

/** Sends one block and waits until the board has done what it asks; then the board is in dfuDNLOAD-IDLE. */
export function* operate(state: SessionState, { block, data, act }: Download): Dfu<void> {
  const { family } = state
  yield* begin({ kind: 'send', request: 'DNLOAD', block, data, timeoutMs: family.transferTimeoutMs })
  // Its GETSTATUS follows whatever becomes of it: where the board keeps them in line, it need not wait for us.
  const first = { kind: 'status', timeoutMs: family.operationDeadlineMs } as const
  if (family.keepsLine) yield* begin(first)
  const sent = yield* endSent()
  if (sent.kind === 'lost') throw lostFault(act, sent.fault)
  if (!family.keepsLine) yield* begin(first)
  const told = yield* endTold()
  if (sent.kind === 'stalled') throw faultOfStall(act, told)
  state.phase = 'download'
  yield* settle(family, act, told)
}

/** SET_ADDRESS: the pointer from which blocks count. */
export function* setAddress(state: SessionState, address: number): Dfu<void> {
  const detail = `set address 0x${address.toString(16).padStart(8, '0')}`
  yield* operate(state, { block: commandBlock, data: command(0x21, address), act: { purpose: 'set address', detail } })
}

/** Goes home when the state of the board is unknown, ends an upload, chooses the memory. */
export function* enterMemory(state: SessionState, alternate: number, wanted: 'download' | 'upload'): Dfu<void> {
  if (state.phase === 'left') throw new Fault('INTERNAL', 'the board was told to leave DFU; nothing may be sent')
  if (state.phase === 'unknown') yield* home(state)
  const changes = state.alternate !== alternate
  if (state.phase !== 'idle' && (changes || state.phase !== wanted)) yield* abort(state)
  if (!changes) return
  const chosen = yield* select(alternate)
  if (chosen.kind === 'lost') throw chosen.fault
  if (chosen.kind === 'stalled') throw new Fault('DFU_PROTOCOL', `the board refuses alternate setting ${alternate}`)
  state.alternate = alternate
}

/** ABORT: from a download or an upload to dfuIDLE; the address pointer stays. */
export function* abort(state: SessionState): Dfu<void> {
  const act = { purpose: 'read', detail: 'abort' } as const
  const sent = yield* sendBare('ABORT', state.family.transferTimeoutMs)
  if (sent.kind === 'lost') throw lostFault(act, sent.fault)
  if (sent.kind === 'stalled') throw yield* faultBehindStall(state.family, act)
  state.phase = 'idle'
}

/** Asks once what is behind a stall; the fault to throw. */
export function* faultBehindStall(family: DfuFamily, act: DfuAct): Dfu<Fault> {
  return faultOfStall(act, yield* askStatus(family.transferTimeoutMs))
}

function faultOfStall(act: DfuAct, told: Told): Fault {
  return stallFault(act, told.kind === 'status' ? told.status : null)
}

/** A DfuSe command with an address: five bytes, little-endian. */
export function command(code: number, address: number): Uint8Array {
  const bytes = new Uint8Array(5)
  bytes[0] = code
  new DataView(bytes.buffer).setUint32(1, address, true)
  return bytes
}

/** GETSTATUS again until the board is neither busy nor in sync; `first` is what it said right after the DNLOAD. */
function* settle(family: DfuFamily, act: DfuAct, first: Told): Dfu<void> {
  let told = first
  let deadlineMs: number | null = null
  for (let polls = 0; ; polls += 1) {
    if (told.kind === 'lost') throw lostFault(act, told.fault)
    if (told.kind === 'stalled') throw yield* faultBehindStall(family, act)
    if (isDone(act, told.status)) return
    deadlineMs = yield* bearWith(family, act, { status: told.status, polls, deadlineMs })
    told = yield* askStatus(family.operationDeadlineMs)
  }
}

interface Busy {
  readonly status: DfuStatus
  readonly polls: number
  readonly deadlineMs: number | null
}

/** Waits before a busy board is asked again; gives the time by which it must be done, null for one asked at once. */
function* bearWith(family: DfuFamily, act: DfuAct, { status, polls, deadlineMs }: Busy): Dfu<number | null> {
  const pauseMs = pauseFor(family, status, polls)
  if (polls === 0 && pauseMs === 0) return null
  const nowMs = yield* timeNow()
  const endsAtMs = deadlineMs ?? nowMs + family.operationDeadlineMs
  if (nowMs >= endsAtMs) throw new Fault('DFU_STUCK_BUSY', `${act.detail}: still ${describeStatus(status)}`)
  if (pauseMs > 0) yield* wait(Math.min(pauseMs, endsAtMs - nowMs))
  return endsAtMs
}

/** True in dfuDNLOAD-IDLE, false while busy; throws what the board reports otherwise. */
function isDone(act: DfuAct, status: DfuStatus): boolean {
  if (status.status !== dfuStatuses.OK || status.state === dfuStates.dfuERROR) throw statusFault(act, status)
  if (status.state === dfuStates['dfuDNLOAD-IDLE']) return true
  if (status.state === dfuStates.dfuDNBUSY || status.state === dfuStates['dfuDNLOAD-SYNC']) return false
  throw new Fault('DFU_PROTOCOL', `${act.detail}: expected dfuDNBUSY or dfuDNLOAD-IDLE, got ${describeStatus(status)}`)
}

function pauseFor(family: DfuFamily, status: DfuStatus, polls: number): number {
  if (status.pollTimeoutMs > 0) return status.pollTimeoutMs
  if (polls < patientPolls) return family.busyFloorMs
  return Math.min(Math.max(family.busyFloorMs, 2 ** (polls - patientPolls)), longestPauseMs)
}
