// Reads memory back in blocks, one transfer a block, and compares as the bytes arrive. Sectors that are read whole and
// found blank are remembered as erased. The hasher is an argument: this file does no cryptography of its own.
import { Fault } from '../../../shared/fault/fault.ts'
import { isBlank, watchForBlank } from './blank.ts'
import { hex, lostFault, statusFault } from './dfu-faults.ts'
import { guardedSectors } from './guard.ts'
import { askStatus, type Dfu, readBlock, report } from './machine.ts'
import type { MemoryMap } from './memory-map.ts'
import { abort, enterMemory, faultBehindStall, setAddress } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { dfuStatuses, firstDataBlock, lastDataBlock } from './words.ts'

export interface Hasher {
  update(bytes: Uint8Array): void
  /** Lower-case hex of everything so far; called once. */
  digest(): string
}

export interface ReadJob {
  readonly map: MemoryMap
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
}

export interface CompareJob extends Omit<ReadJob, 'sizeBytes'> {
  readonly expected: Uint8Array
  readonly hasher: Hasher
  /** Stop at the first block that differs and is not blank: enough to know that a write is needed. */
  readonly stopEarly: boolean
}

export type CompareReport =
  | {
      readonly equal: true
      readonly firstDifference: null
      readonly bytesRead: number
      /** SHA-256, lower-case hex, of the range as read from the board. */
      readonly sha256: string
    }
  | {
      readonly equal: false
      /** Address of the first byte that differs. */
      readonly firstDifference: number
      readonly bytesRead: number
      /** SHA-256 of the whole range as read; null when the reading stopped early. */
      readonly sha256: string | null
    }

type BlockTaker = (address: number, bytes: Uint8Array) => 'go on' | 'stop'

export function* compareMemory(state: SessionState, job: CompareJob): Dfu<CompareReport> {
  let firstDifference: number | null = null
  const take: BlockTaker = (address, bytes) => {
    job.hasher.update(bytes)
    const from = address - job.address
    const at = firstDifferenceOf(bytes, job.expected.subarray(from, from + bytes.length))
    if (at === null) return 'go on'
    firstDifference ??= address + at
    return job.stopEarly && !isBlank(bytes) ? 'stop' : 'go on'
  }
  const sizeBytes = job.expected.length
  const bytesRead = yield* readMemory(state, { ...job, sizeBytes }, take)
  const sha256 = job.hasher.digest()
  if (firstDifference === null) return { equal: true, firstDifference, bytesRead, sha256 }
  return { equal: false, firstDifference, bytesRead, sha256: bytesRead === sizeBytes ? sha256 : null }
}

/** Reads the range block by block until its end or until the taker says stop; gives the number of bytes read. */
export function* readMemory(state: SessionState, job: ReadJob, take: BlockTaker): Dfu<number> {
  guardedSectors(state.family, job.map, { ...job, use: 'read', erases: false })
  if (job.sizeBytes === 0) return 0
  const watch = watchForBlank(job.map, job.address, (sector) => state.erased.markErased(job.alternate, sector))
  const end = job.address + job.sizeBytes
  let block = lastDataBlock + 1
  for (let at = job.address; at < end; block += 1) {
    if (block > lastDataBlock) {
      yield* pointAt(state, job.alternate, at)
      block = firstDataBlock
    }
    const bytes = yield* readOne(state, { block, address: at, lengthBytes: Math.min(state.blockBytes, end - at) })
    watch(at, bytes)
    yield* report({ kind: 'read', address: at, sizeBytes: bytes.length })
    at += bytes.length
    if (take(at - bytes.length, bytes) === 'stop') return at - job.address
  }
  return job.sizeBytes
}

/** Sets the address and returns to dfuIDLE: UPLOAD is not defined in dfuDNLOAD-IDLE (USB DFU 1.1, appendix A). */
export function* pointAt(state: SessionState, alternate: number, address: number): Dfu<void> {
  yield* enterMemory(state, alternate, 'download')
  yield* setAddress(state, address)
  yield* abort(state)
}

/** UPLOAD of one block, counted from where `pointAt` pointed; gives exactly the bytes asked for, or throws. */
export function* readOne(
  state: SessionState,
  ask: { readonly block: number; readonly address: number; readonly lengthBytes: number },
): Dfu<Uint8Array> {
  const act = { purpose: 'read', detail: `read of ${ask.lengthBytes} bytes at ${hex(ask.address)}` } as const
  const reply = yield* readBlock(ask.block, ask.lengthBytes, state.family.operationDeadlineMs)
  state.phase = 'upload'
  if (reply.kind === 'lost') throw lostFault(act, reply.fault)
  if (reply.kind === 'stalled') throw yield* faultBehindStall(state.family, act)
  const bytes = reply.kind === 'data' ? reply.data : new Uint8Array(0)
  if (bytes.length === ask.lengthBytes) return bytes
  // A locked board answers with nothing and has the reason in its status.
  const told = yield* askStatus(state.family.transferTimeoutMs)
  if (told.kind === 'status' && told.status.status !== dfuStatuses.OK) throw statusFault(act, told.status)
  throw new Fault('DFU_PROTOCOL', `${act.detail}: got ${bytes.length} bytes`)
}

/** Offset of the first byte that differs, null when all are the same. */
export function firstDifferenceOf(got: Uint8Array, expected: Uint8Array): number | null {
  for (let at = 0; at < expected.length; at += 1) if (got[at] !== expected[at]) return at
  return null
}
