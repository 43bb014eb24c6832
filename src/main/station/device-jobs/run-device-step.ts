// From the kind of a step to the code that does it.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { DeviceStep } from '../../../shared/model/device-plan.ts'
import type { StepReport } from '../jobs/job-order.ts'
import type { DeviceJob } from './device-job.ts'
import { runExaminePiece, runVerifyPiece } from './steps/compare-piece.ts'
import { runEnterLoader } from './steps/enter-loader.ts'
import { runIdentifyDevice } from './steps/identify-device.ts'
import { runJudgeDevice } from './steps/judge-device.ts'
import { runLeaveLoader } from './steps/leave-loader.ts'
import { runMassErase } from './steps/mass-erase.ts'
import { runProveDevice } from './steps/prove-device.ts'
import { runUnprotect } from './steps/unprotect.ts'
import { runWritePiece } from './steps/write-piece.ts'

export function runDeviceStep(job: DeviceJob, step: DeviceStep): Promise<StepReport> {
  switch (step.kind) {
    case 'enter-dfu':
      return runEnterLoader(job)
    case 'unprotect':
      return runUnprotect(job, step)
    case 'mass-erase':
      return runMassErase(job, step)
    case 'write':
      return runWritePiece(job, step)
    case 'verify':
      return runVerifyPiece(job, step)
    case 'examine':
      return runExaminePiece(job, step)
    case 'leave-dfu':
      return runLeaveLoader(job)
    case 'prove':
      return runProveDevice(job)
    case 'judge':
      return runJudgeDevice(job)
    case 'identify':
      return runIdentifyDevice(job)
    default:
      return assertNever(step)
  }
}
