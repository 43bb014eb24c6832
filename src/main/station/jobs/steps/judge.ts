// The end of a verification: the board runs again, is asked about everything, and one fault names all that differs.
import { Fault } from '../../../../shared/fault/fault.ts'
import { isParticleRecipe } from '../../../../shared/model/recipe-kind.ts'
import { bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import type { Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { differencesOn } from '../judge-board.ts'

export async function runJudge(job: Job): Promise<StepReport> {
  await identifyUntil(job, { timeoutMs: bootMs }, ({ mode, modules }) => mode === 'normal' && modules.known)
  job.after = job.board
  job.request.tell({ kind: 'known', board: job.board })
  const { board, plan, book, request } = job
  const { recipe } = request.recipe
  const judged = differencesOn({ board, plan, book, setup: isParticleRecipe(recipe) ? recipe.setup : 'keep' })
  const differences = [...judged, ...job.differences]
  if (differences.length > 0) throw new Fault('BOARD_DIFFERS', differences.join('; '))
  return { bytes: 0, detail: `${book.records().length} modules and assets proven` }
}
