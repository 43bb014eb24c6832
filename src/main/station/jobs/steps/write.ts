// One module written over DFU: erased sector by sector, written block by block. Where the board may already
// hold it, its memory is read first and left alone when every byte is the file's.
import type { PlanStep } from '../../../../shared/model/plan.ts'
import type { DfuProgress } from '../../dfu/session.ts'
import { bytesOf, dfuOf, type Job, type StepReport } from '../job.ts'
import { notFinished } from '../module-book.ts'
import { asProof } from './verify.ts'

export async function runWrite(job: Job, step: Extract<PlanStep, { kind: 'write' }>): Promise<StepReport> {
  const data = (await bytesOf(job, step.module)).subarray(step.offsetBytes)
  const place = { alternate: step.range.alternate, address: step.range.address }
  if (step.compareFirst) {
    const found = await dfuOf(job).compare({
      ...place,
      expected: data,
      stopEarly: true,
      onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
    })
    if (found.equal) {
      const reason = 'the board already holds exactly these bytes'
      job.book.note(step.module, { action: 'unchanged', reason, readBackSha256: asProof(found.sha256) })
      return { bytes: 0, detail: reason }
    }
  }
  job.book.note(step.module, { action: 'written', reason: notFinished, readBackSha256: null })
  const report = await dfuOf(job).write({ ...place, data, onProgress: (news) => written(job, news) })
  job.book.note(step.module, { reason: null })
  return { bytes: data.length, detail: `${report.erasedBytes} bytes erased, ${data.length} written` }
}

/** Erasing is the larger half on every family. */
const eraseShare = 0.6

function written(job: Job, news: DfuProgress): void {
  if (news.phase === 'write') job.stepBytes = news.doneBytes
  job.progress(shareOf(news))
}

function shareOf(news: DfuProgress): number {
  const done = news.doneBytes / Math.max(1, news.totalBytes)
  return news.phase === 'erase' ? done * eraseShare : eraseShare + done * (1 - eraseShare)
}
