// Writes a range of bytes: erases the sectors it touches, then sends each contiguous run of blocks with its address set
// once. Sectors that hold their bytes already are left out of both. On boards that count an address in whole blocks only
// the last block of a run is short. It must not know what the bytes are.
import { addressText } from '../../../shared/model/address.ts'
import { enterMemory } from './enter.ts'
import { eraseOperations } from './erase.ts'
import type { Dfu } from './machine.ts'
import type { MemoryMap } from './memory-map.ts'
import { type Operation, operate, setAddress } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { type Survey, survey } from './survey.ts'
import { firstDataBlock } from './words.ts'

export interface WriteJob {
  readonly map: MemoryMap
  readonly alternate: number
  readonly address: number
  readonly data: Uint8Array
  /** False for memories that take bytes without an erase, such as the DCT of a Particle board. */
  readonly erase: boolean
  /** Addresses of sectors that hold their bytes of `data` already, as a look has found; none by default. */
  readonly held?: ReadonlySet<number>
}

export type EraseJob = Pick<WriteJob, 'map' | 'alternate' | 'address'> & { readonly sizeBytes: number }

export interface WriteReport {
  /** Without those of sectors that held them already. */
  readonly writtenBytes: number
  readonly erasedBytes: number
  /** Sectors erased now; the others of the range were known to be blank. */
  readonly erasedSectors: number
}

/** Empty data sends nothing: a DNLOAD of no bytes would be a leave (USB DFU 1.1, section 6.1.1). */
export function* writeMemory(state: SessionState, job: WriteJob): Dfu<WriteReport> {
  const { alternate, address, data } = job
  const { sectors, due, dueBytes, runs, runBytes } = surveyWrite(state, job)
  if (runBytes === 0) return { writtenBytes: 0, erasedBytes: 0, erasedSectors: 0 }
  yield* enterMemory(state, alternate, 'download')
  yield* operate(state, eraseOperations(state, alternate, due))
  state.erased.markWritten(alternate, sectors, { startAddress: address, endAddress: address + data.length })
  const sends = runs.flatMap(({ startAddress, endAddress }) =>
    sendOperations(state, startAddress, data.subarray(startAddress - address, endAddress - address)),
  )
  yield* operate(state, sends)
  return { writtenBytes: runBytes, erasedBytes: dueBytes, erasedSectors: due.length }
}

/** What writeMemory will do now; throws what it would throw. */
export function surveyWrite(state: SessionState, job: WriteJob): Survey {
  return survey(state, { ...job, sizeBytes: job.data.length, use: 'write', erases: job.erase })
}

/** Erases the sectors a range touches, unless known to be blank, and writes nothing; gives the bytes erased. */
export function* eraseMemory(state: SessionState, job: EraseJob): Dfu<number> {
  const { due, dueBytes } = survey(state, { ...job, use: 'erase', erases: true })
  if (due.length === 0) return 0
  yield* enterMemory(state, job.alternate, 'download')
  yield* operate(state, eraseOperations(state, job.alternate, due))
  return dueBytes
}

/** The address once, then block after block; block numbers have 16 bits, so a very long run sets its address again. */
function sendOperations({ blockBytes, family }: SessionState, address: number, data: Uint8Array): readonly Operation[] {
  const operations: Operation[] = []
  for (let at = 0; at < data.length; at += blockBytes) {
    const isOnItsOwn = family.countsDoubtfully && at + blockBytes > data.length
    const count = isOnItsOwn ? 0 : (at / blockBytes) % family.blocksPerAddress
    if (count === 0) operations.push(setAddress(address + at))
    operations.push(sendOperation(firstDataBlock + count, address + at, data.subarray(at, at + blockBytes)))
  }
  return operations
}

function sendOperation(block: number, address: number, data: Uint8Array): Operation {
  const detail = `write of ${data.length} bytes at ${addressText(address)} (block ${block})`
  const news = { kind: 'written', address, sizeBytes: data.length } as const
  return { block, data, act: { purpose: 'write', detail }, news }
}
