// What a request handler of Device OS answers: result code, reply body, how long it took, and what happens once the
// host has fetched the result. Codes of system_error.h.
import type { Field } from './protobuf.ts'

export const systemErrors = {
  none: 0,
  notSupported: -120,
  invalidState: -210,
  internal: -250,
  invalidArgument: -270,
  badData: -280,
  outOfRange: -290,
  protected: -1801,
} as const

export interface RequestAnswer {
  readonly result: number
  readonly reply: Uint8Array
  /** Board time the handler takes at real speed. */
  readonly durationMs: number
  /** True when that is the time of erasing or programming, which is accounted as such. */
  readonly isFlashTime?: boolean
  /**
   * Runs when the host has fetched the result, or when the finished request is cancelled. Gives the board time for
   * which no other request is worked on.
   */
  readonly followUp?: () => number
}

/** Executes a request; the fields are those of the payload, none where it is no message. */
export type RequestHandler = (fields: readonly Field[], payload: Uint8Array) => RequestAnswer

/** Time of a handler that only looks something up: a turn of the system loop. */
export const quickMs = 1

const noBytes = new Uint8Array(0)

export function done(reply: Uint8Array = noBytes, durationMs: number = quickMs): RequestAnswer {
  return { result: systemErrors.none, reply, durationMs }
}

export function refused(result: number): RequestAnswer {
  return { result, reply: noBytes, durationMs: quickMs }
}
