// The end of a plain download: the block of nothing, and the manifestation to its end (USB DFU 1.1, section 7). A device
// that tolerates it is back in dfuIDLE; another waits for a bus reset, falls silent or leaves the bus, all of which is
// normal once it has begun. What it reports as failed is a fault.
import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import { type DfuAct, describeStatus, lostFault, pollFault, statusFault } from './dfu-faults.ts'
import { askStatus, type Dfu, sendBlock, type Told, timeNow, wait } from './machine.ts'
import { faultBehindStall, pauseFor } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { type DfuStatus, stateName } from './status.ts'
import { dfuStates, dfuStatuses } from './words.ts'

/** idle: back in dfuIDLE. wait-reset: it needs a bus reset now. gone: it left DFU mode, or the bus, by itself. */
export interface Ending {
  readonly ended: 'idle' | 'wait-reset' | 'gone'
  /** The state it reported last; null when it reported none after the end of the download. */
  readonly lastState: string | null
  /** True when it said OK at least once after it had got everything, and stalled no question on the way. */
  readonly isConfirmed: boolean
}

/** How long a manifestation may take: loaders that unpack and check an image take a minute. */
const manifestDeadlineMs = 180_000
/** A device that still says dfuDNLOAD-IDLE after this has not understood that the download is over. */
const understandingMs = 2_000

interface Manifestation {
  readonly state: SessionState
  readonly act: DfuAct
  /** null before the first report. */
  last: DfuStatus | null
  polls: number
  beganAtMs: number | null
}

/** `block`: the number that follows the last one sent. Afterwards the device is in dfuIDLE, or nothing may be sent. */
export function* endDownload(state: SessionState, block: number): Dfu<Ending> {
  const act: DfuAct = { purpose: 'manifest', detail: 'end of the download', deadlineMs: manifestDeadlineMs }
  const manifestation: Manifestation = { state, act, last: null, polls: 0, beganAtMs: null }
  const sent = yield* sendBlock(block, new Uint8Array(0), state.family.transferTimeoutMs)
  if (sent.kind === 'stalled') throw yield* faultBehindStall(state.family, act)
  if (sent.kind === 'lost') return unanswered(manifestation, sent)
  for (;;) {
    const told = yield* askStatus(timeoutFor(manifestation))
    const ending = told.kind === 'status' ? judge(manifestation, told.status) : yield* silence(manifestation, told)
    if (ending) return ending
    yield* bearWith(manifestation)
  }
}

/** A device that is making firmware its own may fall silent for good; before that it holds endpoint 0 while it works. */
function timeoutFor({ state: { family }, last }: Manifestation): number {
  return last?.state === dfuStates.dfuMANIFEST ? family.transferTimeoutMs : family.operationDeadlineMs
}

/** The ending that a report tells, null while it goes on; throws what it reports as failed. */
function judge(manifestation: Manifestation, status: DfuStatus): Ending | null {
  const { state, act } = manifestation
  const { statusFaults, mixesUpIdle } = state.family
  if (status.status !== dfuStatuses.OK || status.state === dfuStates.dfuERROR) {
    throw statusFault(statusFaults, act, status)
  }
  manifestation.last = status
  switch (status.state) {
    case dfuStates.dfuIDLE:
      return end(manifestation, 'idle')
    case dfuStates['dfuMANIFEST-WAIT-RESET']:
      return end(manifestation, 'wait-reset')
    case dfuStates.appIDLE:
    case dfuStates.appDETACH:
      return end(manifestation, mixesUpIdle ? 'idle' : 'gone')
    case dfuStates['dfuMANIFEST-SYNC']:
    case dfuStates.dfuMANIFEST:
    case dfuStates.dfuDNBUSY:
    case dfuStates['dfuDNLOAD-SYNC']:
    case dfuStates['dfuDNLOAD-IDLE']:
      return null
    default:
      throw new Fault('DFU_PROTOCOL', `${act.detail}: expected dfuMANIFEST, got ${describeStatus(status)}`)
  }
}

function end({ state, last }: Manifestation, ended: Ending['ended']): Ending {
  state.phase = ended === 'idle' ? 'idle' : 'left'
  return { ended, lastState: last && stateName(last.state), isConfirmed: last !== null }
}

/** A stall or no answer: normal of a device that has begun its manifestation and does not tolerate to be asked. */
function* silence(manifestation: Manifestation, told: Exclude<Told, { kind: 'status' }>): Dfu<Ending> {
  const { state, act, last } = manifestation
  if (told.kind === 'lost') return unanswered(manifestation, told)
  if (told.kind !== 'stalled') return assertNever(told)
  if (last?.state === dfuStates.dfuMANIFEST && !state.family.toleratesManifestation)
    return end(manifestation, 'wait-reset')
  throw yield* faultBehindStall(state.family, act)
}

function unanswered(manifestation: Manifestation, { fault }: { readonly fault: Fault }): Ending {
  const { state, act, last } = manifestation
  if (fault.code === 'USB_GONE') return end(manifestation, 'gone')
  const mayBeSilent = last?.state === dfuStates.dfuMANIFEST && !state.family.toleratesManifestation
  if (mayBeSilent) return end(manifestation, 'wait-reset')
  throw lostFault(act, fault)
}

function* bearWith(manifestation: Manifestation): Dfu<void> {
  const { state, act, last, polls } = manifestation
  if (!last) return
  const nowMs = yield* timeNow()
  manifestation.beganAtMs ??= nowMs
  manifestation.polls += 1
  const pauseMs = pauseFor(state.family, last, polls) + state.family.manifestExtraMs
  const spentMs = nowMs - manifestation.beganAtMs
  if (pauseMs > manifestDeadlineMs) throw pollFault(act, pauseMs, manifestDeadlineMs)
  if (spentMs >= manifestDeadlineMs) throw new Fault('DFU_STUCK_BUSY', `${act.detail}: still ${describeStatus(last)}`)
  if (last.state === dfuStates['dfuDNLOAD-IDLE'] && spentMs >= understandingMs) {
    throw new Fault('DFU_PROTOCOL', `${act.detail}: the board does not begin to take it over, ${describeStatus(last)}`)
  }
  yield* wait(Math.min(pauseMs, manifestDeadlineMs - spentMs))
}
