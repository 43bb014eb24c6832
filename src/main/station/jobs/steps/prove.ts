// The end of the line: the board is identified again and every module it reports is held against the target.
import { bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import { didNothingMore, type Job, type StepReport } from '../job.ts'
import { reportedOn } from '../plan-updates.ts'
import { proveModules } from '../prove-modules.ts'

export async function runProve(job: Job): Promise<StepReport> {
  await identifyUntil(job, { timeoutMs: bootMs }, (board) => {
    const reports = (target: Job['plan']['targets'][number]) => reportedOn(board, target)?.version === target.version
    return board.mode === 'normal' && board.modules.known && job.plan.targets.every(reports)
  })
  job.after = job.board
  job.request.tell({ kind: 'known', board: job.board })
  proveModules(job.board, job.plan, job.book)
  return didNothingMore
}
