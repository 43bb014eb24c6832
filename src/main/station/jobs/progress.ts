// The bar and the time left of a job: estimated weights of the steps, corrected by how long they really take.
import type { Plan, StepKind } from '../../../shared/model/plan.ts'
import { estimateMs } from './estimate.ts'
import type { JobOrder } from './job-order.ts'
import { stepName } from './step-name.ts'

/** A step as the bar sees it. */
export interface WeighedStep {
  readonly kind: StepKind
  readonly name: string
  readonly weightMs: number
}

export interface ProgressFollower {
  /** The step at this position begins; what is returned takes its share, 0 to 1. */
  begin(position: number): (share: number) => void
  /** Other steps from now on; the bar does not fall for it. */
  replan(steps: readonly WeighedStep[]): void
}

/** So much of the estimate is believed before the clock has its say; early steps must not swing the time left. */
const priorMs = 4_000

type Onlooker = Pick<JobOrder, 'clock' | 'tell'>

export function followProgress(plan: Plan, onlooker: Onlooker): ProgressFollower {
  const weighed = plan.steps.map((step) => ({
    kind: step.kind,
    name: stepName(step),
    weightMs: estimateMs(plan, step),
  }))
  return followSteps(weighed, onlooker)
}

export function followSteps(planned: readonly WeighedStep[], { clock, tell }: Onlooker): ProgressFollower {
  let steps = planned
  let totalMs = weightOf(steps)
  const startedAt = clock.now()
  const began = clock.monotonic()
  let highest = 0
  return {
    replan: (others) => {
      steps = others
      totalMs = weightOf(steps)
    },
    begin: (position) => {
      const at = (share: number) => {
        const step = steps[position]
        const beforeMs = steps.slice(0, position).reduce((sum, { weightMs }) => sum + weightMs, 0)
        const done = (beforeMs + Math.min(1, Math.max(0, share)) * (step?.weightMs ?? 0)) / totalMs
        highest = Math.max(highest, done)
        const elapsedMs = clock.monotonic() - began
        const doneMs = highest * totalMs
        const pace = (elapsedMs + priorMs) / (doneMs + priorMs)
        const remainingMs = Math.round((totalMs - doneMs) * pace)
        tell({
          kind: 'progressed',
          progress: {
            step: position + 1,
            steps: steps.length,
            stepName: step?.name ?? '',
            stepKind: step?.kind ?? 'prove',
            fraction: highest,
            remainingMs,
            startedAt,
          },
        })
      }
      at(0)
      return at
    },
  }
}

function weightOf(steps: readonly WeighedStep[]): number {
  return Math.max(
    1,
    steps.reduce((sum, { weightMs }) => sum + weightMs, 0),
  )
}
