// Erases a whole memory, because the recipe says so.
import type { DeviceStep } from '../../../../shared/model/device-plan.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { inLoader } from '../in-and-out.ts'

export async function runMassErase(
  job: DeviceJob,
  { alternate }: Extract<DeviceStep, { kind: 'mass-erase' }>,
): Promise<StepReport> {
  const loader = await inLoader(job)
  job.isTouched = true
  await loader.massErase(alternate)
  return { bytes: 0, detail: 'everything in it is erased' }
}
