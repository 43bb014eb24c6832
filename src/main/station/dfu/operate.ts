// DfuSe operations: each a DNLOAD, then GETSTATUS until the board is done (USB DFU 1.1, section 6.1.2). Checks status and
// state each time, honours bwPollTimeout, and turns every failure into one fault with its reason. Where a board takes
// requests in their turn, what follows for certain is in line before its turn comes, so that the board never waits.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import { type DfuAct, describeStatus, lostFault, pollFault, stallFault, statusFault } from './dfu-faults.ts'
import type { DfuFamily } from './families.ts'
import {
  askStatus,
  begin,
  type Dfu,
  type DfuNews,
  endSent,
  endTold,
  report,
  type Sent,
  type Told,
  timeNow,
  wait,
} from './machine.ts'
import type { SessionState } from './session-state.ts'
import type { DfuStatus } from './status.ts'
import { commandBlock, dfuStates, dfuStatuses, dfuseCommands } from './words.ts'

/** A board that names no time is asked at once; one that then stays busy is asked ever less often. */
const patientPolls = 2
const longestPauseMs = 100
/** So often the time that a board names is believed. */
const credulousPolls = 64

export interface Operation {
  readonly block: number
  readonly data: Uint8Array
  readonly act: DfuAct
  /** Both as soon as the board has confirmed it. */
  readonly whenDone?: () => void
  readonly news?: DfuNews
}

/** Does them in their order, each confirmed by the board; then the board is in dfuDNLOAD-IDLE. */
export function* operate(state: SessionState, operations: readonly Operation[]): Dfu<void> {
  let isBegun = false
  for (const [at, operation] of operations.entries()) {
    const start: Start = isBegun ? yield* endStart() : yield* startNow(state.family, operation)
    isBegun = yield* finish(state, operation, { start, next: operations[at + 1] ?? null })
    operation.whenDone?.()
    if (operation.news) yield* report(operation.news)
  }
}

/** SET_ADDRESS: the pointer from which blocks count. */
export function setAddress(address: number): Operation {
  const act = { purpose: 'set address', detail: `set address ${addressText(address)}` } as const
  return { block: commandBlock, data: command(dfuseCommands.SET_ADDRESS, address), act }
}

/** A DfuSe command with an address: five bytes, little-endian. */
export function command(code: number, address: number): Uint8Array {
  const bytes = new Uint8Array(5)
  bytes[0] = code
  new DataView(bytes.buffer).setUint32(1, address, true)
  return bytes
}

/** Whether a stall was meant: a device that refuses a request is in dfuERROR (USB DFU 1.1, appendix A). */
export function* isInError({ transferTimeoutMs }: DfuFamily): Dfu<boolean> {
  const told = yield* askStatus(transferTimeoutMs)
  return told.kind === 'status' && told.status.state === dfuStates.dfuERROR
}

/** Asks once what is behind a stall; the fault to throw. */
export function* faultBehindStall(family: DfuFamily, act: DfuAct): Dfu<Fault> {
  return faultOfStall(family, act, yield* askStatus(family.transferTimeoutMs))
}

function faultOfStall({ statusFaults }: DfuFamily, act: DfuAct, told: Told): Fault {
  return stallFault(statusFaults, act, told.kind === 'status' ? told.status : null)
}

/** What the DNLOAD of an operation and its first GETSTATUS were answered. */
interface Start {
  readonly sent: Sent
  readonly told: Told
}

function* startNow(family: DfuFamily, operation: Operation): Dfu<Start> {
  if (family.keepsLine) {
    yield* beginStart(family, operation)
    return yield* endStart()
  }
  yield* beginSend(family, operation)
  const sent = yield* endSent()
  if (sent.kind === 'lost') throw lostFault(operation.act, sent.fault)
  return { sent, told: yield* askStatus(deadlineOf(family, operation.act)) }
}

/** A GETSTATUS follows its DNLOAD whatever becomes of that. */
function* beginStart(family: DfuFamily, operation: Operation): Dfu<void> {
  yield* beginSend(family, operation)
  yield* begin({ kind: 'status', timeoutMs: deadlineOf(family, operation.act) })
}

function deadlineOf(family: DfuFamily, act: DfuAct): number {
  return act.deadlineMs ?? family.operationDeadlineMs
}

function* beginSend({ transferTimeoutMs: timeoutMs }: DfuFamily, { block, data }: Operation): Dfu<void> {
  yield* begin({ kind: 'send', request: 'DNLOAD', block, data, timeoutMs })
}

function* endStart(): Dfu<Start> {
  return { sent: yield* endSent(), told: yield* endTold() }
}

interface Place {
  readonly start: Start
  /** The operation behind it. */
  readonly next: Operation | null
}

/** GETSTATUS until the board is neither busy nor in sync; true when the next operation is in line already. */
function* finish(state: SessionState, { act }: Operation, { start, next }: Place): Dfu<boolean> {
  const { family } = state
  if (start.sent.kind === 'lost') throw lostFault(act, start.sent.fault)
  if (start.sent.kind === 'stalled') throw faultOfStall(family, act, start.told)
  state.phase = 'download'
  let status = yield* statusOf(family, act, start.told)
  if (isDone(family, act, status)) return false
  if (next && mayFollow(state, act, status)) {
    status = yield* statusOf(family, act, yield* askWith(family, next))
    if (isDone(family, act, status)) return true
    // The DNLOAD in line makes an error of its state (USB DFU 1.1, section A.1), and nobody knows what became of the work.
    throw new Fault('DFU_PROTOCOL', `${act.detail}: the board is busy where it was prompt before`)
  }
  yield* settle(state, act, status)
  return false
}

/** Only what a board was seen to do in this visit is taken for granted: to be done when it answers a second time. */
function mayFollow(state: SessionState, act: DfuAct, status: DfuStatus): boolean {
  return state.family.keepsLine && status.pollTimeoutMs === 0 && state.promptAt.has(promptKey(state, act))
}

/** Memories differ: what is prompt on the flash may take its time on the device configuration. */
function promptKey({ alternate }: SessionState, { purpose }: DfuAct): string {
  return `${alternate}: ${purpose}`
}

/**
 * The last question of an operation, with the next operation behind it. The board answers it when its work is done or has
 * failed; and after a failure it refuses a DNLOAD, so that no byte is written behind an error.
 */
function* askWith(family: DfuFamily, next: Operation): Dfu<Told> {
  yield* begin({ kind: 'status', timeoutMs: family.operationDeadlineMs })
  yield* beginStart(family, next)
  return yield* endTold()
}

/** GETSTATUS again and again, with the pauses that the board asks for. */
function* settle(state: SessionState, act: DfuAct, busy: DfuStatus): Dfu<void> {
  const { family } = state
  let deadlineMs: number | null = null
  let status = busy
  for (let polls = 0; ; polls += 1) {
    deadlineMs = yield* bearWith(family, act, { status, polls, deadlineMs })
    const told = yield* askStatus(deadlineOf(family, act))
    // It was busy a moment ago, and may answer nobody before it is done; one that has failed says so when asked again.
    if (told.kind === 'stalled' && family.checksPollTimeout) {
      state.bornStalls += 1
      continue
    }
    status = yield* statusOf(family, act, told)
    if (!isDone(family, act, status)) continue
    if (deadlineMs === null) state.promptAt.add(promptKey(state, act))
    return
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
  const longestMs = deadlineOf(family, act)
  if (pauseMs > longestMs && family.checksPollTimeout) throw pollFault(act, pauseMs, longestMs)
  const nowMs = yield* timeNow()
  const endsAtMs = deadlineMs ?? nowMs + longestMs
  if (nowMs >= endsAtMs) throw new Fault('DFU_STUCK_BUSY', `${act.detail}: still ${describeStatus(status)}`)
  if (pauseMs > 0) yield* wait(Math.min(pauseMs, endsAtMs - nowMs))
  return endsAtMs
}

function* statusOf(family: DfuFamily, act: DfuAct, told: Told): Dfu<DfuStatus> {
  if (told.kind === 'lost') throw lostFault(act, told.fault)
  if (told.kind === 'stalled') throw yield* faultBehindStall(family, act)
  return told.status
}

/** True in dfuDNLOAD-IDLE, false while busy; throws what the board reports otherwise. */
function isDone({ statusFaults }: DfuFamily, act: DfuAct, status: DfuStatus): boolean {
  if (status.status !== dfuStatuses.OK || status.state === dfuStates.dfuERROR)
    throw statusFault(statusFaults, act, status)
  if (status.state === dfuStates['dfuDNLOAD-IDLE']) return true
  if (status.state === dfuStates.dfuDNBUSY || status.state === dfuStates['dfuDNLOAD-SYNC']) return false
  throw new Fault('DFU_PROTOCOL', `${act.detail}: expected dfuDNBUSY or dfuDNLOAD-IDLE, got ${describeStatus(status)}`)
}

/** How long a busy board is left alone before it is asked for the `polls`-th time again. */
export function pauseFor(family: DfuFamily, status: DfuStatus, polls: number): number {
  const { pollTimeoutMs } = status
  if (pollTimeoutMs > 0 && family.obeysPollTimeout) {
    return family.checksPollTimeout && polls >= credulousPolls ? Math.max(pollTimeoutMs, longestPauseMs) : pollTimeoutMs
  }
  if (polls < patientPolls) return family.busyFloorMs
  return Math.min(Math.max(family.busyFloorMs, 2 ** (polls - patientPolls)), longestPauseMs)
}
