// Into its loader, from its program or after a download that the loader did not survive.
import { didNothingMore, type StepReport } from '../../jobs/job-order.ts'
import { memoryList } from '../device-facts.ts'
import type { DeviceJob } from '../device-job.ts'
import { inLoader } from '../in-and-out.ts'

export async function runEnterLoader(job: DeviceJob): Promise<StepReport> {
  if (job.whereabouts === 'open') return { bytes: 0, detail: 'still in DFU mode' }
  const isFirst = job.whereabouts === 'outside'
  const { protocol, memories } = await inLoader(job)
  if (!isFirst) return didNothingMore
  return { bytes: 0, detail: `${protocol === 'dfuse' ? 'DfuSe' : 'DFU 1.1'}; memories: ${memoryList(memories)}` }
}
