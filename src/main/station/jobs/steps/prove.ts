// The end of the line: the board is identified again and every module it reports is held against the target.
import type { FirmwareModule } from '../../../../shared/model/module.ts'
import { bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import { didNothingMore, type Job, type StepReport } from '../job.ts'
import { proveAssets } from '../prove-assets.ts'
import { proveModules } from '../prove-modules.ts'
import { versionOn } from '../system-versions.ts'

export async function runProve(job: Job): Promise<StepReport> {
  await identifyUntil(job, { timeoutMs: bootMs }, (board) => {
    const reports = (target: FirmwareModule) =>
      job.book.isReleased(target) || versionOn(board, target) === target.version
    return board.mode === 'normal' && board.modules.known && job.plan.targets.every(reports)
  })
  job.after = job.board
  job.request.tell({ kind: 'known', board: job.board })
  proveModules(job.board, job.plan, job.book)
  proveAssets(job.board, job.plan, job.book)
  return didNothingMore
}
