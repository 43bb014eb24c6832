// The scenario list: every one of them runs on every ground, unless it says why it cannot. New kinds of boards join
// where their family is listed (real-sets.ts); new scenarios join here.
import { longRuns } from './cycles.ts'
import { flashCounts } from './flash-counts.ts'
import { hostKilled } from './host-killed.ts'
import { hotplugStorms } from './hotplug-storms.ts'
import type { Scenario } from './scenario.ts'
import { silentBoards } from './silent-boards.ts'
import { unplugPhases } from './unplug-phases.ts'

export const scenarios: readonly Scenario[] = [
  ...flashCounts,
  ...hotplugStorms,
  ...unplugPhases,
  ...silentBoards,
  ...hostKilled,
  ...longRuns,
]
