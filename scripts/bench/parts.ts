// The parts of the benchmark by the names that --only takes, in the order of the report.
import { measureFloor } from './measure-floor.ts'
import { measureJob } from './measure-job.ts'
import { measurePeers } from './measure-peers.ts'
import { measureScaling, type ScalingPlan } from './measure-scaling.ts'
import type { Section } from './results.ts'
import { measureTransfers } from './transfers.ts'

export type Extent = 'quick' | 'full'

export interface Part {
  readonly name: string
  /** What a quick run leaves out is measured by a full one only. */
  readonly isQuick: boolean
  measure(extent: Extent): Promise<readonly Section[]>
}

const fullScaling: readonly ScalingPlan[] = [
  { platform: 'photon', counts: [1, 8, 16, 32], repetitions: 2 },
  { platform: 'boron', counts: [1, 32], repetitions: 1 },
]
const quickScaling: readonly ScalingPlan[] = [{ platform: 'photon', counts: [1, 32], repetitions: 1 }]

export const parts: readonly Part[] = [
  { name: 'transfers', isQuick: true, measure: async () => [await measureTransfers()] },
  { name: 'peers', isQuick: true, measure: async (extent) => [await measurePeers(extent === 'quick' ? 2 : 9)] },
  { name: 'job', isQuick: false, measure: async () => [await measureJob(2)] },
  { name: 'floor', isQuick: false, measure: async () => [await measureFloor(2)] },
  {
    name: 'scaling',
    isQuick: true,
    measure: (extent) => measureScaling(extent === 'quick' ? quickScaling : fullScaling),
  },
]
