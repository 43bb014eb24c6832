// A whole update by requests 250, 253 and 251, as a host sends it.
import { bytes, decode, flag, uint, uintOf } from '../../../src/main/sim/normal/protobuf.ts'
import type { Dialogue } from './dialogue.ts'

/** Sends a whole file; the result of the last request. */
export function sendUpdate(board: Dialogue, file: Uint8Array, validateOnly = false): number {
  const started = board.askFields(250, uint(1, file.length))
  if (started.result !== 0) return started.result
  const chunkBytes = uintOf(decode(started.reply) ?? [], 1)
  for (let at = 0; at < file.length; at += chunkBytes) {
    const { result } = board.askFields(253, bytes(1, file.subarray(at, at + chunkBytes)))
    if (result !== 0) return result
  }
  return board.askFields(251, flag(1, validateOnly)).result
}
