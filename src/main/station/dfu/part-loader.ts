// The requests that bring a loader back to its program where neither a leave nor a bus reset does: a DFU_DETACH in DFU mode,
// or the upload that some bootloaders want to have seen before. The bus reset itself is no request.
import { abort, enterMemory } from './enter.ts'
import { type Dfu, sendDetach } from './machine.ts'
import type { SessionState } from './session-state.ts'

/** A device that stalls or vanishes has understood. Nothing may be sent afterwards. */
export function* detachBack(state: SessionState, detachTimeoutMs: number): Dfu<void> {
  yield* enterMemory(state, state.alternate ?? 0, 'idle')
  const sent = yield* sendDetach(detachTimeoutMs, state.family.transferTimeoutMs)
  if (sent.kind === 'lost' && sent.fault.code !== 'USB_GONE') throw sent.fault
  state.phase = 'left'
}

/** Reads a block for nobody; what comes of it does not matter. */
export function* touchUpload(state: SessionState): Dfu<void> {
  yield* enterMemory(state, state.alternate ?? 0, 'idle')
  const { blockBytes: lengthBytes, family } = state
  const reply = yield { kind: 'read', block: 0, lengthBytes, timeoutMs: family.transferTimeoutMs }
  state.phase = reply.kind === 'data' && reply.data.length === lengthBytes ? 'upload' : 'unknown'
  if (state.phase === 'upload') yield* abort(state)
}
