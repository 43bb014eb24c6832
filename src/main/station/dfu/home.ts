// Brings a board from any state to dfuIDLE, or says why not. A board may have been left in the middle of anything by
// another program or a killed station. It sends only what the reported state calls for.
import { Fault } from '../../../shared/fault/fault.ts'
import { describeStatus, lostFault } from './dfu-faults.ts'
import { askStatus, type Dfu, sendBare, type Told, timeNow, wait } from './machine.ts'
import type { SessionState } from './session-state.ts'
import { dfuStates } from './words.ts'

const act = { purpose: 'read', detail: 'going to dfuIDLE' } as const
type Answered = Exclude<Told, { kind: 'lost' }>

/** Steps that ought to bring any device home; more of them is a device that does not follow the standard. */
const mostSteps = 12
const restlessWaitMs = 50

/** Throws DFU_STUCK_BUSY past the operation deadline, DFU_PROTOCOL when no request leads to dfuIDLE. */
export function* home(state: SessionState): Dfu<void> {
  const { operationDeadlineMs } = state.family
  let restlessSinceMs: number | null = null
  for (let steps = 0; steps < mostSteps; ) {
    const told = yield* askStatus(operationDeadlineMs)
    if (told.kind === 'lost') throw lostFault(act, told.fault)
    if (isHome(state, told)) {
      state.phase = 'idle'
      return
    }
    const nowMs = yield* timeNow()
    restlessSinceMs ??= nowMs
    const remainingMs = restlessSinceMs + patienceFor(state, told) - nowMs
    if (remainingMs <= 0) throw new Fault('DFU_STUCK_BUSY', `${act.detail}: still ${describe(told)}`)
    steps += yield* stepHome(state, told, remainingMs)
  }
  throw new Fault('DFU_PROTOCOL', `${act.detail}: not there after ${mostSteps} requests`)
}

function patienceFor({ family }: SessionState, told: Answered): number {
  const waitsForReset = told.kind === 'status' && told.status.state === dfuStates['dfuMANIFEST-WAIT-RESET']
  return waitsForReset ? family.resetPatienceMs : family.operationDeadlineMs
}

function isHome({ family }: SessionState, told: Answered): boolean {
  if (told.kind !== 'status') return false
  const { state } = told.status
  return state === dfuStates.dfuIDLE || (state === dfuStates.appIDLE && family.mixesUpIdle)
}

function describe(told: Answered): string {
  return told.kind === 'status' ? describeStatus(told.status) : 'a stall'
}

/** One step towards dfuIDLE; gives 0 when it only waited, for waiting is bounded by the deadline instead. */
function* stepHome(state: SessionState, told: Answered, remainingMs: number): Dfu<number> {
  // A stalled GETSTATUS leaves dfuERROR behind, which the next one reports.
  if (told.kind === 'stalled') return 1
  const { status } = told
  switch (status.state) {
    case dfuStates.appIDLE:
    case dfuStates.appDETACH:
      throw new Fault('DFU_PROTOCOL', `${act.detail}: the board runs its program, it is not in DFU mode`)
    case dfuStates.dfuERROR:
      yield* bare('CLRSTATUS', state)
      return 1
    case dfuStates.dfuDNBUSY:
    case dfuStates.dfuMANIFEST:
    case dfuStates['dfuMANIFEST-WAIT-RESET']:
      yield* wait(Math.min(Math.max(status.pollTimeoutMs, restlessWaitMs), remainingMs))
      return 0
    default:
      // The idle and sync states of a download, an upload or a manifestation; also states of no standard.
      yield* bare('ABORT', state)
      return 1
  }
}

/** A stall is no answer to act on: the next GETSTATUS tells where the board is. */
function* bare(request: 'CLRSTATUS' | 'ABORT', state: SessionState): Dfu<void> {
  const sent = yield* sendBare(request, state.family.transferTimeoutMs)
  if (sent.kind === 'lost') throw lostFault(act, sent.fault)
}
