// One module read back over DFU and compared with its file, byte by byte: the proof that does not take the board's word.

import { Fault } from '../../../../shared/fault/fault.ts'
import { addressText } from '../../../../shared/model/address.ts'
import { parseSha256, type Sha256 } from '../../../../shared/model/ids.ts'
import { moduleName } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { addressOf } from '../factory-range.ts'
import { bytesOf, dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { keyAt } from '../module-book.ts'

export async function runVerify(job: Job, step: Extract<PlanStep, { kind: 'verify' }>): Promise<StepReport> {
  const key = keyAt(step.module, step.place)
  if (job.book.readBackOf(key)) return { bytes: 0, detail: 'read back and compared before' }
  const expected = (await bytesOf(job, step.module)).subarray(step.offsetBytes)
  const found = await dfuOf(job).compare({
    ...addressOf(job, step),
    expected,
    stopEarly: step.mayDiffer ?? false,
    onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
  })
  if (!found.equal && step.mayDiffer) {
    return { bytes: 0, detail: `another one is on the board: it differs from ${step.module.source}` }
  }
  if (!found.equal) {
    const at = found.firstDifference === null ? '' : ` from ${addressText(found.firstDifference)} on`
    throw new Fault('DFU_VERIFY_FAILED', `${moduleName(step.module)} differs from ${step.module.source}${at}`)
  }
  const readBackSha256 = asProof(found.sha256)
  const skipped = { action: 'skipped', reason: 'read back and equal' } as const
  job.book.note(key, step.mayDiffer ? { ...skipped, readBackSha256 } : { readBackSha256 })
  return { bytes: 0, detail: `${expected.length} bytes read back, SHA-256 ${found.sha256}` }
}

export function asProof(sha256: string | null): Sha256 {
  const parsed = sha256 === null ? null : parseSha256(sha256)
  if (!parsed) throw new Fault('INTERNAL', `no SHA-256 of what was read back: ${sha256}`)
  return parsed
}
