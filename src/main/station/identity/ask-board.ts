// Questions to a running Device OS, one by one: a question that fails becomes a reason and spoils no other. What the
// failures have in common tells an old board from a busy one. Only a board that leaves, or a stop, ends the asking.
import { Fault } from '../../../shared/fault/fault.ts'
import { known, type Readable, unreadable } from '../../../shared/model/identity.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import type { RequestLink } from './control-request.ts'
import { resultCodes, resultName } from './result-codes.ts'

export interface Asking {
  readonly link: RequestLink
  ask<T>(read: () => Promise<Readable<T>>): Promise<Readable<T>>
  /** The fault of the question before; null where it was answered. */
  lastFault(): Fault | null
  /** From all questions so far; see ParticleIdentity. */
  answersRequests(): Readable<boolean>
}

const silence = 'Device OS answered no control request in time'
const stringTimeoutMs = 1_000
/** A Device OS that lets so many first questions run out answers none: each of them costs seconds. */
const mostUnanswered = 2

export function startAsking(link: RequestLink): Asking {
  const tally: Tally = { last: null, answered: 0, stalled: 0, unanswered: 0 }
  return {
    link,
    lastFault: () => tally.last,
    answersRequests: () => {
      if (tally.answered > 0) return known(true)
      return tally.stalled > 0 ? known(false) : unreadable(silence)
    },
    ask: async (read) => {
      if (tally.answered === 0 && tally.unanswered >= mostUnanswered) return unreadable(tally.last?.detail ?? silence)
      try {
        const value = await read()
        tally.last = null
        // A reason without a fault may be the station's own: nobody was asked, and so nobody answered.
        if (value.known) tally.answered += 1
        return value
      } catch (thrown) {
        return unreadable(await reasonOf(link, tally, thrown))
      }
    },
  }
}

interface Tally {
  last: Fault | null
  answered: number
  stalled: number
  unanswered: number
}

function count(tally: Tally, fault: Fault): void {
  tally.last = fault
  if (fault.code === 'CONTROL_REQUEST_FAILED' || fault.code === 'DEVICE_PROTECTED') tally.answered += 1
  if (fault.code === 'USB_STALL') tally.stalled += 1
  if (fault.code === 'USB_TIMEOUT') tally.unanswered += 1
}

/** Throws what is no failure of one question: a board that left or answers nothing, a stop, a bug. */
async function reasonOf(link: RequestLink, tally: Tally, thrown: unknown): Promise<string> {
  if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || link.signal.aborted) throw thrown
  count(tally, thrown)
  if (thrown.code === 'USB_TIMEOUT') await mustStillAnswer(link, thrown)
  return thrown.code === 'DEVICE_PROTECTED' ? 'board is in security mode' : thrown.detail
}

/** This Device OS does not know the request: asking again in another mode is of no use. */
export function isNotSupported(fault: Fault): boolean {
  return fault.detail.includes(resultName(resultCodes.notSupported))
}

/**
 * Device OS may be too busy for one request, and its USB stack still tells a string; where that is silent too, nothing
 * will come of asking on. Throws BOARD_SILENT then.
 */
async function mustStillAnswer({ device, signal }: RequestLink, silence: Fault): Promise<void> {
  try {
    await readStringDescriptor(device, device.serialNumberIndex, { timeoutMs: stringTimeoutMs, signal })
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || signal.aborted) throw thrown
    // A stall, or a string that makes no sense, is an answer too.
    if (thrown.code !== 'USB_TIMEOUT') return
    throw new Fault('BOARD_SILENT', `the board answers nothing any more: ${silence.detail}`, { cause: thrown })
  }
}
