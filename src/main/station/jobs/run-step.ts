// From the kind of a step to the code that does it.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'
import type { Job } from './job.ts'
import type { StepReport } from './job-order.ts'
import { runAsset } from './steps/asset.ts'
import { runClear } from './steps/clear.ts'
import { runEnterDfu } from './steps/enter-dfu.ts'
import { runExamine, runExamineBlank } from './steps/examine.ts'
import { runIdentify } from './steps/identify.ts'
import { runJudge } from './steps/judge.ts'
import { runLeaveDfu } from './steps/leave-dfu.ts'
import { runProve } from './steps/prove.ts'
import { runSetUp } from './steps/set-up.ts'
import { runStage } from './steps/stage.ts'
import { runUpdate } from './steps/update.ts'
import { runVerify } from './steps/verify.ts'
import { runWrite } from './steps/write.ts'

export function runStep(job: Job, step: PlanStep): Promise<StepReport> {
  switch (step.kind) {
    case 'update':
      return runUpdate(job, step)
    case 'asset':
      return runAsset(job, step)
    case 'set-up':
      return runSetUp(job, step)
    case 'stage':
      return runStage(job, step)
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
    case 'examine':
      return runExamine(job, step)
    case 'examine-blank':
      return runExamineBlank(job, step)
    case 'prove':
      return runProve(job)
    case 'judge':
      return runJudge(job)
    case 'identify':
      return runIdentify(job)
    default:
      return assertNever(step)
  }
}
