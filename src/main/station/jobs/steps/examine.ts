// One range read back over DFU and held against its file, or against blank flash. A difference is noted where the verdict
// finds it, and stops nothing: a verification names every difference of a board at once.
import { addressText } from '../../../../shared/model/address.ts'
import { moduleName } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { addressOf } from '../factory-range.ts'
import { bytesOf, dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { keyAt } from '../module-book.ts'
import { asProof } from './verify.ts'

export async function runExamine(job: Job, step: Extract<PlanStep, { kind: 'examine' }>): Promise<StepReport> {
  const key = keyAt(step.module, step.place)
  const expected = (await bytesOf(job, step.module)).subarray(step.offsetBytes)
  const found = await dfuOf(job).compare({
    ...addressOf(job, step),
    expected,
    onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
  })
  if (found.equal) {
    const readBackSha256 = asProof(found.sha256)
    job.book.note(key, { action: 'unchanged', readBackSha256 })
    return { bytes: 0, detail: `${expected.length} bytes read back and equal, SHA-256 ${found.sha256}` }
  }
  const reason = `differs from ${step.module.source} from ${addressText(found.firstDifference)} on`
  job.book.note(key, { action: 'unchanged', reason })
  return { bytes: 0, detail: `${moduleName(key)} ${reason}` }
}

export async function runExamineBlank(
  job: Job,
  { range, reason }: Extract<PlanStep, { kind: 'examine-blank' }>,
): Promise<StepReport> {
  const { alternate, address, sizeBytes } = range
  const expected = new Uint8Array(sizeBytes).fill(0xff)
  const found = await dfuOf(job).compare({ alternate, address, expected })
  if (found.equal) return { bytes: 0, detail: 'blank' }
  const difference = `other user slot: not blank from ${addressText(found.firstDifference)} on; ${reason}`
  job.differences.push(difference)
  return { bytes: 0, detail: difference }
}
