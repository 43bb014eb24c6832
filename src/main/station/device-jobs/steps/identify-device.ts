// A job that only identifies: the device is asked once more as it is, and what it says goes into the record.
import { revisionText } from '../../../../shared/model/dfu-identity.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { identifyAgain } from '../who-returns.ts'
import { takeAfter } from './prove-device.ts'

export async function runIdentifyDevice(job: DeviceJob): Promise<StepReport> {
  const board = await identifyAgain(job, job.device)
  takeAfter(job, board)
  const whose = board.mode === 'normal' ? 'its program' : 'its loader'
  return { bytes: 0, detail: `${whose} reports version ${revisionText(board.revision)}` }
}
