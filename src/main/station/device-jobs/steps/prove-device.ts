// The end of the line: who is on the port now, which version does its program report, and is every piece proven. What
// cannot be seen proves nothing; what was read back needs no more proof.
import { Fault } from '../../../../shared/fault/fault.ts'
import { revisionText } from '../../../../shared/model/dfu-identity.ts'
import type { ImageProof } from '../../../../shared/model/record.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { closeLoader } from '../in-and-out.ts'
import { wantedRevision } from '../wanted-revision.ts'
import { identifyAgain, type Returned, returnedWords } from '../who-returns.ts'

export async function runProveDevice(job: DeviceJob): Promise<StepReport> {
  if (job.target.wish.afterwards === 'stay') return proveInLoader(job)
  const { returned } = job
  if (!returned) throw new Fault('INTERNAL', 'nobody waited for the device to come back')
  if (returned.kind === 'device') takeAfter(job, returned.board)
  const revision = reportedRevision(returned)
  if (revision === null) return proveUnseen(job, returned)
  const wrong = revisionComplaint(job, revision)
  if (wrong) throw new Fault('VERSION_MISMATCH', wrong)
  proveReported(job, newsOf(job, revision))
  return { bytes: 0, detail: `its program reports version ${revisionText(revision)}` }
}

/** Its loader is all that can be asked: it took everything, and is still there. */
async function proveInLoader(job: DeviceJob): Promise<StepReport> {
  await closeLoader(job, 'outside')
  takeAfter(job, await identifyAgain(job, job.device))
  proveReported(job, 'nothing')
  return { bytes: 0, detail: 'it stays in DFU mode, as the recipe says' }
}

/** Nothing on the port reports a version: then only what was read back is proven. */
function proveUnseen(job: DeviceJob, returned: Returned): StepReport {
  const words = `the device came back ${returnedWords(returned)}`
  const wanted = wantedRevision(job.target)
  if (wanted?.isDemanded) {
    throw new Fault('VERSION_MISMATCH', `${words}: nobody reports version ${revisionText(wanted.revision)}`)
  }
  const wasSeen = job.request.board.mode === 'normal'
  if (returned.kind === 'nothing' && wasSeen) throw new Fault('MODE_SWITCH_TIMEOUT', words)
  if (job.book.unproven()) throw new Fault('MODE_SWITCH_TIMEOUT', `${words}, and nothing was read back`)
  return { bytes: 0, detail: `read back; ${words}` }
}

/** What the running program says, as far as somebody says it. */
export function reportedRevision(returned: Returned): number | null {
  if (returned.kind === 'device') return returned.board.mode === 'normal' ? returned.board.revision : null
  return returned.kind === 'program' ? returned.revision : null
}

export function revisionComplaint({ plan }: DeviceJob, revision: number): string | null {
  if (plan.revision === null || revision === plan.revision) return null
  return `its program reports version ${revisionText(revision)}, wanted ${revisionText(plan.revision)}`
}

export function takeAfter(job: DeviceJob, board: NonNullable<DeviceJob['after']>): void {
  job.after = board
  job.board = board
  job.request.tell({ kind: 'known', board })
}

/** What the version that a program reports says of this download; a loader did not tell which one was there before. */
type News = 'it is another' | 'it is the wanted one' | 'nothing'

function newsOf({ plan, request }: DeviceJob, revision: number): News {
  const { mode, revision: before } = request.board
  if (revision !== plan.revision || (mode === 'normal' && before === revision)) return 'nothing'
  return mode === 'normal' ? 'it is another' : 'it is the wanted one'
}

/** Only where the recipe is content with it. But for a version that has changed the device must have confirmed the download. */
function proveReported(job: DeviceJob, news: News): void {
  if (job.target.wish.verify !== 'reported') return
  const proof: ImageProof = news === 'nothing' ? 'reported-status' : 'reported-version'
  for (const piece of job.plan.pieces) {
    if (news === 'it is another' || job.accepted.has(piece.position)) job.book.note(piece, { proof })
  }
}
