// From the kind of a step to the code that does it.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'
import type { Job, StepReport } from './job.ts'
import { runClear } from './steps/clear.ts'
import { runEnterDfu } from './steps/enter-dfu.ts'
import { runLeaveDfu } from './steps/leave-dfu.ts'
import { runProve } from './steps/prove.ts'
import { runUpdate } from './steps/update.ts'
import { runVerify } from './steps/verify.ts'
import { runWrite } from './steps/write.ts'

export function runStep(job: Job, step: PlanStep): Promise<StepReport> {
  switch (step.kind) {
    case 'update':
      return runUpdate(job, step)
    case 'enter-dfu':
      return runEnterDfu(job)
    case 'clear':
      return runClear(job, step)
    case 'write':
      return runWrite(job, step)
    case 'verify':
      return runVerify(job, step)
    case 'leave-dfu':
      return runLeaveDfu(job)
    case 'prove':
      return runProve(job)
    default:
      return assertNever(step)
  }
}
