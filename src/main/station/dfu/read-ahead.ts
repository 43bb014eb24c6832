// Blocks of a run read by their numbers. While one is on its way the next may be asked for already, so that the board
// does not wait for us; on boards that do not keep requests in line it never is. What was asked for in vain is let go.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import { type DfuAct, lostFault, statusFault } from './dfu-faults.ts'
import { askStatus, begin, type Dfu, type DfuReply, endRead, report } from './machine.ts'
import { faultBehindStall } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { dfuStatuses, firstDataBlock } from './words.ts'

/**
 * How many blocks may be in line behind the one on its way. One hides the way to us and back. More spare the computer:
 * their answers come several at a time. Where a difference may end the reading, those behind it are read in vain.
 */
export const blocksAhead = { ofWholeRead: 7, ofLook: 1 } as const

/** A run of at most `blocksPerAddress` blocks, whose address the board has as its pointer. */
export interface Run {
  readonly address: number
  readonly sizeBytes: number
  /** Blocks asked for and not yet taken, ascending without a gap. */
  readonly inLine: number[]
}

interface Wanted {
  /** From 0. */
  readonly index: number
  /** How many of the blocks behind it will be wanted next. None of the first: after two errors boards have one reason. */
  readonly ahead: number
}

/** Exactly the bytes of one block of the run, or a fault. */
export function* readBlock(state: SessionState, run: Run, { index, ahead }: Wanted): Dfu<Uint8Array> {
  if (run.inLine[0] !== index) yield* letGo(state, run)
  const longest = 1 + (state.family.keepsLine ? ahead : 0)
  for (let next = index + run.inLine.length; run.inLine.length < longest && isIn(state, run, next); next += 1) {
    yield* beginRead(state, run, next)
    run.inLine.push(next)
  }
  run.inLine.shift()
  const bytes = yield* bytesOf(state, run, { index, reply: yield* endRead() })
  yield* report({ kind: 'read', address: run.address + index * state.blockBytes, sizeBytes: bytes.length })
  return bytes
}

/** Waits for what was asked for in vain. Where that failed, the board is brought home before it is asked anything else. */
export function* letGo(state: SessionState, run: Run): Dfu<void> {
  for (const _ of run.inLine) if ((yield* endRead()).kind !== 'data') state.phase = 'unknown'
  run.inLine.length = 0
}

function isIn({ blockBytes }: SessionState, { sizeBytes }: Run, index: number): boolean {
  return index * blockBytes < sizeBytes
}

function lengthOf({ blockBytes }: SessionState, { sizeBytes }: Run, index: number): number {
  return Math.min(blockBytes, sizeBytes - index * blockBytes)
}

function* beginRead(state: SessionState, run: Run, index: number): Dfu<void> {
  const lengthBytes = lengthOf(state, run, index)
  yield* begin({
    kind: 'read',
    block: firstDataBlock + index,
    lengthBytes,
    timeoutMs: state.family.operationDeadlineMs,
  })
}

interface Answered {
  readonly index: number
  readonly reply: DfuReply
}

function* bytesOf(state: SessionState, run: Run, { index, reply }: Answered): Dfu<Uint8Array> {
  const lengthBytes = lengthOf(state, run, index)
  const address = run.address + index * state.blockBytes
  const act: DfuAct = { purpose: 'read', detail: `read of ${lengthBytes} bytes at ${addressText(address)}` }
  state.phase = 'upload'
  if (reply.kind === 'lost') throw lostFault(act, reply.fault)
  if (reply.kind === 'stalled') throw yield* faultBehindStall(state.family, act)
  const bytes = reply.kind === 'data' ? reply.data : new Uint8Array(0)
  if (bytes.length === lengthBytes) return bytes
  // A locked board answers with nothing and has the reason in its status.
  const told = yield* askStatus(state.family.transferTimeoutMs)
  if (told.kind === 'status' && told.status.status !== dfuStatuses.OK)
    throw statusFault(state.family.statusFaults, act, told.status)
  throw new Fault('DFU_PROTOCOL', `${act.detail}: got ${bytes.length} bytes`)
}
