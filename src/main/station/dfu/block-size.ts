// A second look at what was read back from a plain DFU device that does not say how large its blocks are, or has larger ones
// than a transfer. A device that counts in larger blocks than ours leaves gaps between them, in writing and in reading alike,
// so that a comparison alone finds nothing.
import { Fault } from '../../../shared/fault/fault.ts'
import { lostFault } from './dfu-faults.ts'
import { enterMemory } from './enter.ts'
import { home } from './home.ts'
import type { Dfu } from './machine.ts'
import { isInError } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { firstDifferenceOf } from './upload.ts'

export interface ComparedImage {
  readonly alternate: number
  /** As it was read back, equal. */
  readonly image: Uint8Array
}

const sampleBytes = 16
/** So much is asked for beyond a block: less than any block is larger than ours. */
const beyondBytes = 4
const mostTransferBytes = 4096

/** Throws DFU_PROTOCOL of a device of which it cannot be shown that it holds the image as one piece. */
export function* proveBlockSize(state: SessionState, { alternate, image }: ComparedImage): Dfu<void> {
  const { blockBytes, family } = state
  if (family.blockSize === 'told' || image.length <= blockBytes) return
  if (yield* countsByOrder(state, { alternate, image })) return
  if (family.blockSize === 'assumed' && (yield* hasNoLarger(state, { alternate, image }))) return
  throw new Fault(
    'DFU_PROTOCOL',
    `the image may lie in the device with gaps: it does not count in blocks of ${blockBytes} bytes, as far as can be ` +
      'seen; DfuForceTransferSize can tell its block size',
  )
}

/** Reads two short blocks: the second is what follows the first, or what the device takes for the second block of all. */
function* countsByOrder(state: SessionState, { alternate, image }: ComparedImage): Dfu<boolean> {
  const shortBytes = Math.min(sampleBytes, state.blockBytes >> 1)
  if (shortBytes === 0) return false
  const [first, second] = yield* upload(state, alternate, [shortBytes, shortBytes])
  if (!(first instanceof Uint8Array && second instanceof Uint8Array)) return false
  if (first.length !== shortBytes || second.length !== shortBytes) return false
  return startsAlike(second, image.subarray(shortBytes)) && !startsAlike(second, image.subarray(state.blockBytes))
}

/** Asks for more than a block: what is behind it belongs to the image, or the device has no more to a block, or refuses. */
function* hasNoLarger(state: SessionState, { alternate, image }: ComparedImage): Dfu<boolean> {
  const askedBytes = state.blockBytes + beyondBytes
  if (askedBytes > mostTransferBytes) return false
  const [answer] = yield* upload(state, alternate, [askedBytes])
  if (answer === 'refused' || answer === undefined) return answer === 'refused'
  if (answer.length < state.blockBytes) return false
  return startsAlike(answer.subarray(state.blockBytes), image.subarray(state.blockBytes))
}

/** True when they are the same as far as both go. */
function startsAlike(one: Uint8Array, other: Uint8Array): boolean {
  const sizeBytes = Math.min(one.length, other.length)
  return firstDifferenceOf(one.subarray(0, sizeBytes), other.subarray(0, sizeBytes)) === null
}

/** Blocks from 0 of these lengths, until one is short; the last is "refused" where that made an error. Ends in dfuIDLE. */
function* upload(
  state: SessionState,
  alternate: number,
  lengths: readonly number[],
): Dfu<readonly (Uint8Array | 'refused')[]> {
  yield* enterMemory(state, alternate, 'idle')
  const blocks: (Uint8Array | 'refused')[] = []
  for (const [block, lengthBytes] of lengths.entries()) {
    state.phase = 'unknown'
    const reply = yield { kind: 'read', block, lengthBytes, timeoutMs: state.family.transferTimeoutMs }
    if (reply.kind === 'lost') throw lostFault({ purpose: 'read', detail: `read of ${lengthBytes} bytes` }, reply.fault)
    if (reply.kind === 'stalled' && (yield* isInError(state.family))) blocks.push('refused')
    if (reply.kind !== 'data') break
    blocks.push(reply.data)
    if (reply.data.length < lengthBytes) break
  }
  yield* home(state)
  return blocks
}
