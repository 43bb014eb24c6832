// The account of each target module through a job: before, target, after, and how it was proven. Kept as the job goes,
// so that a record that ends early still says what was reached.
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { Sha256 } from '../../../shared/model/ids.ts'
import { type FirmwareModule, type ModuleKey, sameModule } from '../../../shared/model/module.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { ModuleRecord } from '../../../shared/model/record.ts'
import { reportedOn } from './plan-updates.ts'

/** Reason of a module whose writing began: the board may hold any part of it. */
export const notFinished = 'begun and not finished'

export interface ModuleBook {
  records(): readonly ModuleRecord[]
  note(module: ModuleKey, change: Partial<ModuleRecord>): void
  /** SHA-256 of the bytes that were read back and found equal to the file's, or null. */
  readBackOf(module: ModuleKey): Sha256 | null
  actionOf(module: ModuleKey): ModuleRecord['action'] | null
}

export function openModuleBook(board: BoardIdentity, plan: Plan): ModuleBook {
  let records = plan.targets.map((module) => firstEntry(board, plan, module))
  const entryOf = (module: ModuleKey) => records.find((entry) => sameModule(entry, module))
  return {
    records: () => records,
    note: (module, change) => {
      records = records.map((entry) => (sameModule(entry, module) ? { ...entry, ...change } : entry))
    },
    readBackOf: (module) => entryOf(module)?.readBackSha256 ?? null,
    actionOf: (module) => entryOf(module)?.action ?? null,
  }
}

function firstEntry(board: BoardIdentity, plan: Plan, module: FirmwareModule): ModuleRecord {
  const skipped = plan.skipped.find((entry) => sameModule(entry.module, module))
  return {
    kind: module.kind,
    index: module.index,
    before: reportedOn(board, module)?.version ?? null,
    target: module.version,
    after: null,
    sha256: module.sha256,
    readBackSha256: null,
    proof: 'none',
    action: skipped ? 'skipped' : 'not reached',
    reason: skipped?.reason ?? null,
  }
}
