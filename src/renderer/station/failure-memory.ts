// Which boards have failed while this page was open: the second failure of a board is the red bin. A convenience of the
// screen; the ledger has every attempt. A device that only its port tells from its like is forgotten when it leaves.
import { boardName } from '../../shared/model/board-name.ts'
import type { SlotView } from '../../shared/model/slot.ts'

export interface FailureMemory {
  note(view: SlotView): void
  /** True when the board in this slot has failed in another job than the present one. */
  failedBefore(view: SlotView): boolean
}

/** More boards than a bench sees in an hour; the oldest are forgotten. */
const mostBoards = 500

export function createFailureMemory(): FailureMemory {
  const failures = new Map<string, ReadonlySet<string>>()
  return {
    note(view) {
      if (view.board === null && view.portPath !== null) forgetVisitors(failures, view.portPath)
      const recordId = view.job?.recordId ?? null
      if (view.state !== 'failed' || view.board === null || recordId === null) return
      const name = boardName(view.board)
      failures.set(name, new Set([...(failures.get(name) ?? []), recordId]))
      const [oldest] = failures.keys()
      if (failures.size > mostBoards && oldest !== undefined) failures.delete(oldest)
    },
    failedBefore(view) {
      const failed = view.board === null ? undefined : failures.get(boardName(view.board))
      return failed !== undefined && [...failed].some((recordId) => recordId !== view.job?.recordId)
    },
  }
}

/** Of boards that are named by their port: the next one there is another. */
function forgetVisitors(failures: Map<string, ReadonlySet<string>>, portPath: string): void {
  for (const name of failures.keys()) if (name.endsWith(` on ${portPath}`)) failures.delete(name)
}
