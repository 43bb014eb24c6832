// Writes one contiguous run of bytes: erases the sectors it touches, sets the address once, sends the blocks. On boards
// that count an address in whole blocks only the last block is short. It must not know what the bytes are.
import { hex } from './dfu-faults.ts'
import { eraseSectors } from './erase.ts'
import { type GuardedRange, guardedSectors } from './guard.ts'
import { type Dfu, report } from './machine.ts'
import type { MemoryMap, MemorySector } from './memory-map.ts'
import { enterMemory, operate, setAddress } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { firstDataBlock, lastDataBlock } from './words.ts'

export interface WriteJob {
  readonly map: MemoryMap
  readonly alternate: number
  readonly address: number
  readonly data: Uint8Array
  /** False for memories that take bytes without an erase, such as the DCT of a Particle board. */
  readonly erase: boolean
}

export type EraseJob = Pick<WriteJob, 'map' | 'alternate' | 'address'> & { readonly sizeBytes: number }

export interface WriteReport {
  readonly writtenBytes: number
  readonly erasedBytes: number
  /** Sectors erased now; the others of the range were known to be blank. */
  readonly erasedSectors: number
}

const blocksPerRun = lastDataBlock - firstDataBlock + 1

/** Empty data sends nothing: a DNLOAD of no bytes would be a leave (USB DFU 1.1, section 6.1.1). */
export function* writeMemory(state: SessionState, job: WriteJob): Dfu<WriteReport> {
  const { alternate, address, data } = job
  const { sectors, due } = survey(state, { ...job, sizeBytes: data.length, use: 'write', erases: job.erase })
  if (data.length > 0) {
    yield* enterMemory(state, alternate, 'download')
    yield* eraseSectors(state, alternate, due)
    state.erased.markWritten(alternate, sectors, { startAddress: address, endAddress: address + data.length })
    yield* sendRuns(state, address, data)
  }
  return { writtenBytes: data.length, erasedBytes: bytesOf(due), erasedSectors: due.length }
}

/** Erases the sectors a range touches, unless known to be blank, and writes nothing; gives the bytes erased. */
export function* eraseMemory(state: SessionState, job: EraseJob): Dfu<number> {
  const { due } = survey(state, { ...job, use: 'erase', erases: true })
  if (due.length > 0) yield* enterMemory(state, job.alternate, 'download')
  yield* eraseSectors(state, job.alternate, due)
  return bytesOf(due)
}

/** Bytes of the sectors that a write would erase now; throws what the write would throw. */
export function bytesDue(state: SessionState, job: WriteJob): number {
  return bytesOf(survey(state, { ...job, sizeBytes: job.data.length, use: 'write', erases: job.erase }).due)
}

/** The sectors of a range, and those of them that must be erased first. */
function survey(state: SessionState, range: GuardedRange & { readonly map: MemoryMap }) {
  const sectors = guardedSectors(state.family, range.map, range)
  const bytes = { startAddress: range.address, endAddress: range.address + range.sizeBytes }
  return { sectors, due: range.erases ? state.erased.due(range.alternate, sectors, bytes) : [] }
}

function bytesOf(sectors: readonly MemorySector[]): number {
  return sectors.reduce((sum, sector) => sum + sector.sizeBytes, 0)
}

/** Block numbers have 16 bits, so a very long run sets its address again. */
function* sendRuns(state: SessionState, address: number, data: Uint8Array): Dfu<void> {
  const runBytes = blocksPerRun * state.blockBytes
  for (let at = 0; at < data.length; at += runBytes) {
    yield* sendRun(state, address + at, data.subarray(at, at + runBytes))
  }
}

function* sendRun(state: SessionState, address: number, data: Uint8Array): Dfu<void> {
  yield* setAddress(state, address)
  for (let at = 0, block = firstDataBlock; at < data.length; at += state.blockBytes, block += 1) {
    const chunk = data.subarray(at, at + state.blockBytes)
    const detail = `write of ${chunk.length} bytes at ${hex(address + at)} (block ${block})`
    yield* operate(state, { block, data: chunk, act: { purpose: 'write', detail } })
    yield* report({ kind: 'written', address: address + at, sizeBytes: chunk.length })
  }
}
