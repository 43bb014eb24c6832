// Reads memory back in blocks, one transfer a block, and compares as the bytes arrive. Sectors that are read whole and
// found blank are remembered as erased. The hasher is an argument: this file does no cryptography of its own.
import { isBlank, watchForBlank } from './blank.ts'
import { pointAt } from './enter.ts'
import { guardedSectors } from './guard.ts'
import type { Dfu } from './machine.ts'
import type { MemoryMap } from './memory-map.ts'
import { blocksAhead, letGo, type Run, readBlock } from './read-ahead.ts'
import type { SessionState } from './session-state.ts'

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
  /** The taker may say stop; default false. */
  readonly mayStop?: boolean
}

export interface CompareJob extends Omit<ReadJob, 'sizeBytes' | 'mayStop'> {
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
  const bytesRead = yield* readMemory(state, { ...job, sizeBytes, mayStop: job.stopEarly }, take)
  const sha256 = job.hasher.digest()
  if (firstDifference === null) return { equal: true, firstDifference, bytesRead, sha256 }
  return { equal: false, firstDifference, bytesRead, sha256: bytesRead === sizeBytes ? sha256 : null }
}

/** Reads the range block by block until its end or until the taker says stop; gives the number of bytes read. */
export function* readMemory(state: SessionState, job: ReadJob, take: BlockTaker): Dfu<number> {
  guardedSectors(state.family, job.map, { ...job, use: 'read', erases: false })
  const ahead = job.mayStop ? blocksAhead.ofLook : blocksAhead.ofWholeRead
  const watch = watchForBlank(job.map, job.address, (sector) => state.erased.markErased(job.alternate, sector))
  for (let from = 0; from < job.sizeBytes; ) {
    const address = job.address + from
    yield* pointAt(state, job.alternate, address)
    const run: Run = { address, sizeBytes: runBytes(state, job.sizeBytes, from), inLine: [] }
    for (let at = 0, index = 0; at < run.sizeBytes; index += 1) {
      const bytes = yield* readBlock(state, run, { index, ahead: index === 0 ? 0 : ahead })
      watch(address + at, bytes)
      const order = take(address + at, bytes)
      at += bytes.length
      if (order === 'go on') continue
      yield* letGo(state, run)
      return from + at
    }
    from += run.sizeBytes
  }
  return job.sizeBytes
}

/** How many bytes one address serves. Where blocks are doubtful the first run ends amid a block, the last is a short one. */
function runBytes({ blockBytes, family }: SessionState, sizeBytes: number, from: number): number {
  const leftBytes = sizeBytes - from
  if (from === 0 && family.countsDoubtfully && leftBytes > blockBytes) return Math.max(1, blockBytes >> 1)
  const longestBytes = Math.min(leftBytes, family.blocksPerAddress * blockBytes)
  const tailBytes = longestBytes % blockBytes
  return family.countsDoubtfully && longestBytes > blockBytes ? longestBytes - tailBytes : longestBytes
}

/** Offset of the first byte that differs, null when all are the same. */
export function firstDifferenceOf(got: Uint8Array, expected: Uint8Array): number | null {
  if (Buffer.compare(got, expected) === 0) return null
  for (let at = 0; at < expected.length; at += 1) if (got[at] !== expected[at]) return at
  return null
}
