// What a verification found: the modules of a board that are not those of the recipe, in words.
import { moduleName } from '../../../shared/model/module.ts'
import type { ModuleRecord } from '../../../shared/model/record.ts'
import type { JobView } from '../../../shared/model/slot.ts'
import { slotTexts } from '../../text/slot.ts'

export interface Difference {
  readonly module: string
  readonly found: string
  readonly wanted: string
  readonly reason: string | null
  /** "system 1: 2301, not 4002": all of it in the room of a tile. */
  readonly short: string
}

/** In the order of the record; empty for every other kind of job, and while it runs. */
export function differencesOf({ job, outcome, modules }: Pick<JobView, 'job' | 'outcome' | 'modules'>): Difference[] {
  if (job !== 'verify' || outcome === null) return []
  return modules.filter(({ proof, action }) => proof === 'none' && action !== 'skipped').map(differenceOf)
}

function differenceOf(module: ModuleRecord): Difference {
  const { before, target, reason } = module
  return {
    module: moduleName(module),
    found: before === target ? slotTexts.otherContent(target) : foundText(before),
    wanted: slotTexts.versionOf(target),
    reason,
    short: before === target ? slotTexts.shortOther(moduleName(module)) : shortText(module),
  }
}

function shortText(module: ModuleRecord): string {
  return slotTexts.shortDifference(moduleName(module), module.before ?? slotTexts.notThere, module.target)
}

function foundText(version: number | null): string {
  return version === null ? slotTexts.notThere : slotTexts.versionOf(version)
}
