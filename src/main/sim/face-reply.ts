// What a face of the board gives back for one control transfer: the answer, and the work that this transfer started.
// Work holds endpoint 0: Gen 2 works before the status stage, nRF and RTL after the reply went out.
import type { ControlAnswer, SimSetup } from './board-parts.ts'

export interface FaceWork {
  readonly kind: 'erase' | 'program' | 'other'
  readonly durationMs: number
  readonly when: 'in-transfer' | 'after-reply'
  /** Takes effect; work in the transfer decides its answer here. */
  finish(): ControlAnswer
  /** Power was lost in the middle. */
  interrupt(): void
}

export interface FaceReply {
  readonly answer: ControlAnswer
  readonly work?: FaceWork
}

/** A mode of the board as the endpoint sees it. */
export interface DeviceFace {
  request(setup: SimSetup, data: Uint8Array): FaceReply
}

export const acknowledged: ControlAnswer = { kind: 'ack' }
export const stalled: ControlAnswer = { kind: 'stall' }

/** The same as whole replies, without work. */
export const ackReply: FaceReply = { answer: acknowledged }
export const stallReply: FaceReply = { answer: stalled }

export function dataAnswer(bytes: Uint8Array | readonly number[], setup: SimSetup): ControlAnswer {
  const data = bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes)
  return { kind: 'data', data: data.length > setup.lengthBytes ? data.slice(0, setup.lengthBytes) : data }
}
