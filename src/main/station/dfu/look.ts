// A look before the erase: which sectors of a range hold their bytes already, and which are blank. It goes forwards for
// as long as it pays, then backwards from the end, where a shorter firmware before this one has left blank sectors.
// What is found spares an erase and a write; it proves a range only when every byte of it was read and is the file's.
import { isBlank } from './blank.ts'
import { pointAt } from './enter.ts'
import { guardedSectors } from './guard.ts'
import type { Dfu } from './machine.ts'
import type { MemoryMap, MemorySector } from './memory-map.ts'
import { blocksAhead, letGo, type Run, readBlock } from './read-ahead.ts'
import type { SessionState } from './session-state.ts'
import { firstDifferenceOf, type Hasher } from './upload.ts'

export interface LookJob {
  readonly map: MemoryMap
  readonly alternate: number
  readonly address: number
  readonly expected: Uint8Array
  readonly hasher: Hasher
  /** False where it is known that the range holds something else: then only the blank end is looked for. */
  readonly mayHold: boolean
}

export interface LookReport {
  /** Addresses of the sectors whose bytes of the range are the expected ones. */
  readonly held: ReadonlySet<number>
  readonly bytesRead: number
  /** SHA-256, lower-case hex, of the range as read when all of it was read and is the expected one; else null. */
  readonly sha256: string | null
}

/**
 * So many sectors in a row that spare nothing end the look: one or two may be a repaired fault or a setting amid what
 * is equal, four are another firmware. They cost 35 ms, 0.2 % of writing a system part.
 */
const mostMisses = 4

/** Reads nothing where the family's facts say that it cannot pay. Throws as a read does. */
export function* lookAt(state: SessionState, job: LookJob): Dfu<LookReport> {
  const { worthFinding } = state.family
  const sizeBytes = job.expected.length
  const sectors = guardedSectors(state.family, job.map, { ...job, sizeBytes, use: 'read', erases: false })
  const look = newLook(job, state.blockBytes)
  if (sectors.length === 0 || !(worthFinding.includes('blank') || (job.mayHold && worthFinding.includes('held')))) {
    return reportOf(look, sectors)
  }
  yield* pointAt(state, job.alternate, job.address)
  let next = 0
  for (let misses = 0; job.mayHold && next < sectors.length && misses < mostMisses; next += 1) {
    misses = (yield* spares(state, look, sectors[next])) ? 0 : misses + 1
  }
  yield* letGo(state, look.run)
  for (let last = sectors.length - 1; last >= next && state.phase !== 'unknown'; last -= 1) {
    look.isOnTrack = false
    if (!(yield* spares(state, look, sectors[last]))) break
  }
  yield* letGo(state, look.run)
  return reportOf(look, sectors)
}

interface Look {
  readonly job: LookJob
  readonly run: Run
  /** The last bytes looked at were the expected ones, and the way is forwards: the next block will be wanted too. */
  isOnTrack: boolean
  readonly blockBytes: number
  readonly held: Set<number>
  /** Blocks hashed, gapless from the first. */
  hashed: number
  bytesRead: number
  last: { readonly index: number; readonly bytes: Uint8Array } | null
}

function newLook(job: LookJob, blockBytes: number): Look {
  const run = { address: job.address, sizeBytes: job.expected.length, inLine: [] }
  return { job, run, blockBytes, isOnTrack: false, held: new Set(), hashed: 0, bytesRead: 0, last: null }
}

function reportOf({ job, held, hashed, blockBytes, bytesRead }: Look, sectors: readonly MemorySector[]): LookReport {
  const isAllRead = hashed * blockBytes >= job.expected.length
  const isAllHeld = sectors.length > 0 && held.size === sectors.length
  return { held, bytesRead, sha256: isAllRead && isAllHeld ? job.hasher.digest() : null }
}

/** Reads one sector as far as it takes to judge it, remembers what it is, and says whether that spares anything. */
function* spares(state: SessionState, look: Look, sector: MemorySector | undefined): Dfu<boolean> {
  if (!sector) return false
  const { alternate, address, expected } = look.job
  const startAddress = Math.max(sector.address, address)
  const endAddress = Math.min(sector.address + sector.sizeBytes, address + expected.length)
  const range = { startAddress, endAddress }
  const found = yield* judge(state, look, range)
  if (found === 'other') return false
  if (found === 'blank') state.erased.markBlank(alternate, sector, range)
  else {
    state.erased.markHeld(alternate, sector, range)
    look.held.add(sector.address)
  }
  return state.family.worthFinding.includes(found)
}

interface Range {
  readonly startAddress: number
  readonly endAddress: number
}

function* judge(state: SessionState, look: Look, { startAddress, endAddress }: Range): Dfu<'held' | 'blank' | 'other'> {
  const { address, expected } = look.job
  let isHeld = true
  let isErased = true
  for (let at = startAddress; at < endAddress && (isHeld || isErased); ) {
    const index = Math.floor((at - address) / look.blockBytes)
    const blockAddress = address + index * look.blockBytes
    const end = Math.min(endAddress, blockAddress + look.blockBytes)
    const bytes = (yield* blockOf(state, look, index)).subarray(at - blockAddress, end - blockAddress)
    isHeld &&= firstDifferenceOf(bytes, expected.subarray(at - address, end - address)) === null
    isErased &&= isBlank(bytes)
    look.isOnTrack = isHeld
    at = end
  }
  if (isHeld) return 'held'
  return isErased ? 'blank' : 'other'
}

/** A block on the border of two sectors is read once; behind a block that was right another is worth asking for. */
function* blockOf(state: SessionState, look: Look, index: number): Dfu<Uint8Array> {
  if (look.last?.index === index) return look.last.bytes
  const bytes = yield* readBlock(state, look.run, { index, ahead: look.isOnTrack ? blocksAhead.ofLook : 0 })
  look.last = { index, bytes }
  look.bytesRead += bytes.length
  if (index === look.hashed) {
    look.job.hasher.update(bytes)
    look.hashed += 1
  }
  return bytes
}
