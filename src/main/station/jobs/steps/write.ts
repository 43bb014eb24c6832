// One module written over DFU. Its memory is looked at first: what it holds already is left alone, and when every byte is
// the file's, so is the module, with that reading as its proof.
import type { PlanStep } from '../../../../shared/model/plan.ts'
import type { LookReport } from '../../dfu/look.ts'
import type { DfuProgress } from '../../dfu/progress.ts'
import { addressOf } from '../factory-range.ts'
import { bytesOf, dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { keyAt, notFinished } from '../module-book.ts'
import { asProof } from './verify.ts'

type WriteStep = Extract<PlanStep, { kind: 'write' }>

const alreadyThere = 'the board already holds exactly these bytes'
const notLookedAt: LookReport = { held: new Set(), bytesRead: 0, sha256: null }

export async function runWrite(job: Job, step: WriteStep): Promise<StepReport> {
  const data = (await bytesOf(job, step.module)).subarray(step.offsetBytes)
  const place = addressOf(job, step)
  const key = keyAt(step.module, step.place)
  const { held, sha256 } = step.force ? notLookedAt : await look(job, step, data)
  if (sha256 !== null) {
    job.book.note(key, { action: 'unchanged', reason: alreadyThere, readBackSha256: asProof(sha256) })
    return { bytes: 0, detail: alreadyThere }
  }
  job.book.note(key, { action: 'written', reason: notFinished, readBackSha256: null })
  const report = await dfuOf(job).write({ ...place, data, held, onProgress: (news) => written(job, news) })
  job.book.note(key, { reason: null })
  const { erasedBytes, writtenBytes } = report
  const kept = data.length > writtenBytes ? `, ${data.length - writtenBytes} already there` : ''
  return { bytes: writtenBytes, detail: `${erasedBytes} bytes erased, ${writtenBytes} written${kept}` }
}

function look(job: Job, step: WriteStep, expected: Uint8Array): Promise<LookReport> {
  return dfuOf(job).look({
    ...addressOf(job, step),
    expected,
    mayHold: step.mayHold,
    onProgress: (news) => job.progress(news.doneBytes / news.totalBytes),
  })
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
