// One step of a job, whatever kind of board it is on: run, timed, and noted in the record and on the slot, also when it
// failed.
import { asFault, type Fault } from '../../../shared/fault/fault.ts'
import type { StepRecord } from '../../../shared/model/record.ts'
import type { JobEvent } from './job-event.ts'
import type { JobOrder, StepReport } from './job-order.ts'

export interface NotedStep {
  readonly name: string
  /** From 0. */
  readonly position: number
  act(): Promise<StepReport>
  /** Bytes that went to the board before it failed. */
  sentBytes(): number
  /** What is told after each step of what the job deals with. */
  news(): JobEvent
}

/** Throws what the step throws, once it is noted in `steps`. */
export async function runNoted(
  { clock, tell, signal }: Pick<JobOrder, 'clock' | 'tell' | 'signal'>,
  steps: StepRecord[],
  step: NotedStep,
): Promise<void> {
  const startedAt = clock.now()
  const began = clock.monotonic()
  const end = (result: StepRecord['result'], report: StepReport) => {
    const durationMs = Math.round(clock.monotonic() - began)
    const entry = { position: step.position + 1, name: step.name, startedAt, durationMs, result, ...report }
    steps.push(entry)
    tell({ kind: 'step-ended', step: entry })
    tell(step.news())
    tell({ kind: 'logged', line: { at: clock.now(), text: `${entry.name}: ${result} ${report.detail ?? ''}`.trim() } })
  }
  try {
    end('done', await step.act())
  } catch (thrown) {
    end('failed', { bytes: step.sentBytes(), detail: faultOf(signal, thrown).message })
    throw thrown
  }
}

/** Whatever a stopped job stumbles over, the reason is that it was stopped. */
export function faultOf(signal: AbortSignal, thrown: unknown): Fault {
  return asFault(signal.aborted ? signal.reason : thrown)
}
