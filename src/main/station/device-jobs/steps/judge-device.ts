// The end of a verification: one fault names all that differs. Nothing was written.

import { Fault } from '../../../../shared/fault/fault.ts'
import { placeText } from '../../../../shared/model/address.ts'
import { revisionText } from '../../../../shared/model/dfu-identity.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { closeLoader } from '../in-and-out.ts'
import { identifyAgain, type Returned, returnedWords } from '../who-returns.ts'
import { reportedRevision, revisionComplaint, takeAfter } from './prove-device.ts'

export async function runJudgeDevice(job: DeviceJob): Promise<StepReport> {
  const returned = job.returned ?? (await askedHere(job))
  if (returned.kind === 'device') takeAfter(job, returned.board)
  const version = versionDifference(job, returned)
  const isReported = job.plan.revision !== null && !version
  if (isReported && job.target.wish.verify === 'reported') proveByVersion(job)
  const pieces = job.book
    .records()
    .filter(({ proof }) => proof === 'none')
    .map((entry) => `${placeText(entry)} ${entry.reason ?? 'was not compared'}`)
  const differences = [...pieces, ...(version ? [version] : [])]
  if (differences.length > 0) throw new Fault('BOARD_DIFFERS', differences.join('; '))
  return { bytes: 0, detail: `${job.book.records().length} pieces proven${versionWords(returned)}` }
}

/** All that a recipe asks for that is content with what is reported. */
function proveByVersion({ plan, book }: DeviceJob): void {
  for (const piece of plan.pieces) book.note(piece, { action: 'unchanged', proof: 'reported-version' })
}

/** It was not told to leave: it is what it was, in its program or in its loader. */
async function askedHere(job: DeviceJob): Promise<Returned> {
  await closeLoader(job, 'outside')
  return { kind: 'device', board: await identifyAgain(job, job.device) }
}

function versionDifference(job: DeviceJob, returned: Returned): string | null {
  if (job.plan.revision === null) return null
  const revision = reportedRevision(returned)
  if (revision !== null) return revisionComplaint(job, revision)
  return `no version ${revisionText(job.plan.revision)}: the device is there ${returnedWords(returned)}`
}

function versionWords(returned: Returned): string {
  const revision = reportedRevision(returned)
  return revision === null ? '' : `, version ${revisionText(revision)}`
}
