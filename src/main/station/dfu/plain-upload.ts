// An upload as plain DFU has it (USB DFU 1.1, section 6.2): blocks from 0 whose numbers begin again behind 16 bits; a block
// shorter than what was asked for is the last. Compares as the bytes arrive, too.
import { Fault } from '../../../shared/fault/fault.ts'
import { proveBlockSize } from './block-size.ts'
import { type DfuAct, lostFault, statusFault } from './dfu-faults.ts'
import { abort, enterMemory } from './enter.ts'
import { askStatus, type Dfu, report } from './machine.ts'
import { faultBehindStall } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { type CompareReport, firstDifferenceOf, type Hasher } from './upload.ts'
import { dfuStates, dfuStatuses } from './words.ts'

export interface PlainReadJob {
  readonly alternate: number
  /** How much to read; null: until the device has no more. */
  readonly sizeBytes: number | null
}

export interface PlainCompareJob {
  readonly alternate: number
  readonly expected: Uint8Array
  readonly hasher: Hasher
  /** Stop at the first block that differs: enough to know that a write is needed. */
  readonly stopEarly: boolean
}

const blockNumbers = 0x10000
/** More than any device has behind a control endpoint; one that never ends its upload ends here. */
export const mostUploadBytes = 128 * 1024 * 1024

/** The bytes, as many as the device has and at most `sizeBytes`. Throws DFU_PROTOCOL when it has no end. */
export function* uploadPlain(state: SessionState, { alternate, sizeBytes }: PlainReadJob): Dfu<readonly Uint8Array[]> {
  const blocks: Uint8Array[] = []
  const limitBytes = sizeBytes ?? mostUploadBytes
  const readBytes = yield* readBlocks(state, { alternate, limitBytes }, (_, bytes) => {
    blocks.push(bytes)
    return 'go on'
  })
  if (sizeBytes === null && readBytes >= limitBytes) {
    throw new Fault('DFU_PROTOCOL', `the board has not ended its upload after ${readBytes} bytes`)
  }
  return blocks
}

/** A device that ends its upload before `expected` does differs from there on. */
export function* comparePlain(state: SessionState, job: PlainCompareJob): Dfu<CompareReport> {
  const { alternate, expected, stopEarly, hasher } = job
  let firstDifference: number | null = null
  const range = { alternate, limitBytes: expected.length }
  const bytesRead = yield* readBlocks(state, range, (offset, bytes) => {
    hasher.update(bytes)
    const at = firstDifferenceOf(bytes, expected.subarray(offset, offset + bytes.length))
    if (at === null) return 'go on'
    firstDifference ??= offset + at
    return stopEarly ? 'stop' : 'go on'
  })
  if (bytesRead < expected.length) firstDifference ??= bytesRead
  const sha256 = hasher.digest()
  if (firstDifference === null) {
    yield* proveBlockSize(state, { alternate, image: expected })
    return { equal: true, firstDifference, bytesRead, sha256 }
  }
  return { equal: false, firstDifference, bytesRead, sha256: bytesRead === expected.length ? sha256 : null }
}

interface Range {
  readonly alternate: number
  readonly limitBytes: number
}

/** Asks for whole blocks always, for some devices know no others; what is behind the limit is dropped. */
function* readBlocks(
  state: SessionState,
  { alternate, limitBytes }: Range,
  take: (offset: number, bytes: Uint8Array) => 'go on' | 'stop',
): Dfu<number> {
  yield* enterMemory(state, alternate, 'idle')
  if (state.family.abortsBeforeUpload) yield* abort(state)
  for (let at = 0, index = 0; at < limitBytes; index += 1) {
    const bytes = yield* blockAt(state, index)
    const wanted = bytes.subarray(0, limitBytes - at)
    if (wanted.length > 0) {
      yield* report({ kind: 'read', address: at, sizeBytes: wanted.length })
      if (take(at, wanted) === 'stop') return at + wanted.length
    }
    at += wanted.length
    if (bytes.length < state.blockBytes) return at
  }
  return limitBytes
}

function* blockAt(state: SessionState, index: number): Dfu<Uint8Array> {
  const { family, blockBytes } = state
  const block = index % blockNumbers
  const act: DfuAct = { purpose: 'read', detail: `read of block ${block}` }
  state.phase = 'upload'
  const reply = yield { kind: 'read', block, lengthBytes: blockBytes, timeoutMs: family.operationDeadlineMs }
  if (reply.kind === 'lost') throw lostFault(act, reply.fault)
  if (reply.kind === 'stalled') throw yield* refusal(state, act, index)
  const bytes = reply.kind === 'data' ? reply.data : new Uint8Array(0)
  if (bytes.length > blockBytes) throw new Fault('DFU_PROTOCOL', `${act.detail}: got ${bytes.length} bytes`)
  if (bytes.length < blockBytes) yield* endUpload(state, act)
  return bytes
}

/** A device that stalls its very first block, and has no better reason, cannot upload, whatever it announces. */
function* refusal(state: SessionState, act: DfuAct, index: number): Dfu<Fault> {
  const fault = yield* faultBehindStall(state.family, act)
  if (index > 0 || fault.code !== 'DFU_DEVICE_FAILED') return fault
  return new Fault('DFU_UPLOAD_UNSUPPORTED', fault.detail, { cause: fault })
}

/** The last block leads to dfuIDLE; a device that has failed may look the same, and says so in its status only. */
function* endUpload(state: SessionState, act: DfuAct): Dfu<void> {
  state.phase = 'unknown'
  const told = yield* askStatus(state.family.operationDeadlineMs)
  if (told.kind === 'lost') throw lostFault(act, told.fault)
  if (told.kind === 'stalled') return
  const { status } = told
  if (status.status !== dfuStatuses.OK || status.state === dfuStates.dfuERROR) {
    throw statusFault(state.family.statusFaults, act, status)
  }
  if (status.state === dfuStates.dfuIDLE) state.phase = 'idle'
  if (status.state === dfuStates['dfuUPLOAD-IDLE']) state.phase = 'upload'
}
