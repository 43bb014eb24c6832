// A job that only identifies: the board is asked once more, and what it says goes into the record. Done when the board
// said who it is and what it carries, or that it is locked; else the reason is the fault.
import { Fault } from '../../../../shared/fault/fault.ts'
import { valueOrNull } from '../../../../shared/model/identity.ts'
import { notServedBecause } from '../../identity/old-board.ts'
import { bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import type { Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'

export async function runIdentify(job: Job): Promise<StepReport> {
  await identifyUntil(job, { timeoutMs: bootMs }, () => true)
  const { board } = job
  job.after = board
  job.request.tell({ kind: 'known', board })
  if (valueOrNull(board.isProtected)) return { bytes: 0, detail: 'in security mode: it says no more than this' }
  if (board.mode === 'dfu') {
    throw new Fault('DEVICE_OS_NOT_RUNNING', `${board.deviceId} is in DFU mode: what it carries cannot be asked`)
  }
  const why = notServedBecause(board)
  if (why) throw why
  if (!board.modules.known) throw new Fault('CONTROL_REQUEST_FAILED', `modules not readable: ${board.modules.reason}`)
  return { bytes: 0, detail: `Device OS ${valueOrNull(board.deviceOsVersion) ?? 'not told'}` }
}
