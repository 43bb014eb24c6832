// A download as plain DFU has it (USB DFU 1.1, section 6.1): blocks from 0, one after the other, whose numbers have 16 bits
// and begin again; a block of nothing ends it, and the device makes the new firmware its own. It erases by itself.
import { enterMemory } from './enter.ts'
import type { Dfu } from './machine.ts'
import { type Ending, endDownload } from './manifest.ts'
import { type Operation, operate } from './operate.ts'
import type { SessionState } from './session-state.ts'

export interface PlainWriteJob {
  readonly alternate: number
  readonly data: Uint8Array
}

/** wValue has 16 bits. */
const blockNumbers = 0x10000
/** Blocks put into operations at a time: a large image in small blocks has very many. */
const blocksAtATime = 256

/** Empty data sends nothing. Throws what the device reports, DFU_STUCK_BUSY, DFU_POLL_ABSURD, DFU_PROTOCOL, USB_*. */
export function* downloadPlain(state: SessionState, { alternate, data }: PlainWriteJob): Dfu<Ending> {
  const nothing: Ending = { ended: 'idle', lastState: null, isConfirmed: false }
  if (data.length === 0) return nothing
  yield* enterMemory(state, alternate, 'idle')
  const { bornStalls } = state
  const stride = blocksAtATime * state.blockBytes
  for (let at = 0; at < data.length; at += stride) yield* operate(state, blocksFrom(state, data, at))
  const ending = yield* endDownload(state, Math.ceil(data.length / state.blockBytes) % blockNumbers)
  return { ...ending, isConfirmed: ending.isConfirmed && state.bornStalls === bornStalls }
}

function blocksFrom({ blockBytes }: SessionState, data: Uint8Array, from: number): readonly Operation[] {
  const end = Math.min(data.length, from + blocksAtATime * blockBytes)
  const operations: Operation[] = []
  for (let at = from; at < end; at += blockBytes) {
    const block = (at / blockBytes) % blockNumbers
    const bytes = data.subarray(at, at + blockBytes)
    const act = { purpose: 'write', detail: `write of ${bytes.length} bytes at offset ${at} (block ${block})` } as const
    operations.push({ block, data: bytes, act, news: { kind: 'written', address: at, sizeBytes: bytes.length } })
  }
  return operations
}
