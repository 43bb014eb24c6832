// The states of a slot as a pure reducer: an event in, the whole next view out. No I/O, no time of its own.
import { assertNever, type FaultReport } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import { revisionText } from '../../../shared/model/dfu-identity.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { JobKind } from '../../../shared/model/recipe.ts'
import type { Outcome } from '../../../shared/model/record.ts'
import type { JobView, SlotState, SlotView } from '../../../shared/model/slot.ts'
import type { JobEvent } from '../jobs/job-event.ts'

export type SlotEvent =
  | { readonly kind: 'assigned'; readonly portPath: PortPath | null }
  | { readonly kind: 'arrived' }
  | { readonly kind: 'identified'; readonly board: BoardIdentity }
  | { readonly kind: 'refused'; readonly fault: FaultReport }
  /** A person must say that the board is what the recipe takes it for. */
  | { readonly kind: 'asked'; readonly question: string }
  /** What is in the port and no board, beside a verdict or in an empty slot; null when it is that no more. */
  | { readonly kind: 'beside'; readonly bystander: string | null }
  | { readonly kind: 'started'; readonly recipeName: string; readonly job: JobKind }
  | JobEvent
  | {
      readonly kind: 'finished'
      readonly outcome: Outcome
      readonly fault: FaultReport | null
      readonly durationMs: number
      readonly endedAt: number
    }
  | { readonly kind: 'left' }

const keptLogLines = 40

export function emptySlot(slot: number, portPath: PortPath | null): SlotView {
  return {
    slot,
    portPath,
    state: portPath ? 'empty' : 'off',
    board: null,
    job: null,
    fault: null,
    question: null,
    bystander: null,
    last: null,
    log: [],
  }
}

export function nextSlot(view: SlotView, event: SlotEvent): SlotView {
  switch (event.kind) {
    case 'assigned':
      return { ...emptySlot(view.slot, event.portPath), last: view.last }
    case 'arrived':
      return { ...emptySlot(view.slot, view.portPath), state: 'identifying', last: view.last }
    case 'identified':
      return { ...view, state: 'ready', board: event.board, fault: null }
    case 'refused':
      return { ...view, state: 'refused', fault: event.fault }
    case 'asked':
      return { ...view, question: event.question }
    case 'beside':
      return { ...view, bystander: event.bystander }
    case 'started':
      return { ...view, state: 'working', fault: null, question: null, job: newJob(event, view.board) }
    case 'left':
      return { ...emptySlot(view.slot, view.portPath), last: view.last }
    case 'known':
      return { ...view, board: event.board }
    case 'logged':
      return { ...view, log: [...view.log, event.line].slice(-keptLogLines) }
    case 'finished':
      return finish(view, event)
    case 'planned':
    case 'recorded':
    case 'progressed':
    case 'step-ended':
    case 'modules':
    case 'images':
      return view.job ? { ...view, job: nextJob(view.job, event) } : view
    default:
      return assertNever(event)
  }
}

function newJob({ recipeName, job }: Extract<SlotEvent, { kind: 'started' }>, board: BoardIdentity | null): JobView {
  const runsProgram = board?.kind === 'dfu' && board.mode === 'normal'
  return {
    job,
    recordId: null,
    recipeName,
    plan: [],
    skipped: [],
    notes: [],
    progress: null,
    steps: [],
    modules: [],
    images: [],
    revisionBefore: runsProgram ? revisionText(board.revision) : null,
    outcome: null,
    fault: null,
    durationMs: null,
  }
}

type JobNews = Exclude<JobEvent, { kind: 'logged' | 'known' }>

function nextJob(job: JobView, event: JobNews): JobView {
  switch (event.kind) {
    case 'planned':
      return { ...job, plan: event.plan, skipped: event.skipped, notes: event.notes }
    case 'recorded':
      return { ...job, recordId: event.recordId }
    case 'progressed':
      return { ...job, progress: event.progress }
    case 'step-ended':
      return { ...job, steps: [...job.steps, event.step] }
    case 'modules':
      return { ...job, modules: event.modules }
    case 'images':
      return { ...job, images: event.images }
    default:
      return assertNever(event)
  }
}

const verdictOf: Readonly<Record<Outcome, SlotState>> = {
  pass: 'passed',
  fail: 'failed',
  error: 'error',
  aborted: 'aborted',
  interrupted: 'interrupted',
}

function finish(view: SlotView, event: Extract<SlotEvent, { kind: 'finished' }>): SlotView {
  const { outcome, fault, durationMs, endedAt } = event
  return {
    ...view,
    state: verdictOf[outcome],
    fault,
    job: view.job ? { ...view.job, progress: null, outcome, fault, durationMs } : null,
    last: { outcome, name: view.board ? boardName(view.board) : '', endedAt },
  }
}
