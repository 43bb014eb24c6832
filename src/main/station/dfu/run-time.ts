// The run-time side of DFU (USB DFU 1.1, section 5): a program is asked to make room for its loader. Programs are careless
// here: they stall what they do, leave before they answer, or answer nothing but DFU_DETACH.
import { lostFault } from './dfu-faults.ts'
import type { DfuFacts } from './facts.ts'
import { askStatus, type Dfu, sendDetach, timeNow, wait } from './machine.ts'
import type { SessionState } from './session-state.ts'
import { dfuStates } from './words.ts'

/** needs reset: it waits for a bus reset, and for no longer than it was told. */
export type Detached = 'by itself' | 'needs reset' | 'already there'

const act = { purpose: 'leave', detail: 'DFU_DETACH' } as const
/** Where a program names no wDetachTimeOut. */
const defaultDetachMs = 1_000
const lookEveryMs = 50
/** How much longer than it names a device may take to leave by itself. */
const lateMs = 500
const appStates: readonly number[] = [dfuStates.appIDLE, dfuStates.appDETACH]

/** Throws DFU_STUCK_BUSY at a device that does not answer, USB_* of the seam. */
export function* detachFrom(state: SessionState, facts: DfuFacts): Dfu<Detached> {
  const { transferTimeoutMs } = state.family
  const before = yield* askStatus(transferTimeoutMs)
  if (before.kind === 'lost' && before.fault.code !== 'USB_TIMEOUT') throw before.fault
  if (before.kind === 'status' && !appStates.includes(before.status.state)) return 'already there'
  const timeoutMs = facts.detachTimeoutMs || defaultDetachMs
  const sent = yield* sendDetach(timeoutMs, transferTimeoutMs)
  if (sent.kind === 'lost' && sent.fault.code === 'USB_GONE') return 'by itself'
  if (sent.kind === 'lost') throw lostFault(act, sent.fault)
  return facts.willDetach ? yield* seeItGo(state, timeoutMs) : 'needs reset'
}

/** A device that says it will leave and does not gets the bus reset after all, and is asked again for that. */
function* seeItGo(state: SessionState, timeoutMs: number): Dfu<Detached> {
  const untilMs = (yield* timeNow()) + timeoutMs + lateMs
  while ((yield* timeNow()) < untilMs) {
    yield* wait(lookEveryMs)
    const told = yield* askStatus(state.family.transferTimeoutMs)
    if (told.kind === 'lost' && told.fault.code === 'USB_GONE') return 'by itself'
    if (told.kind === 'status' && !appStates.includes(told.status.state)) return 'already there'
  }
  yield* sendDetach(timeoutMs, state.family.transferTimeoutMs)
  return 'needs reset'
}
