// The parts of the benchmark by the names that --only takes, in the order of the report.
import { measureDelta } from './measure-delta.ts'
import { measureDevices } from './measure-devices.ts'
import { measureFloor } from './measure-floor.ts'
import { measureJob } from './measure-job.ts'
import { measurePeers } from './measure-peers.ts'
import { measurePlatforms } from './measure-platforms.ts'
import { measureScaling, type ScalingPlan } from './measure-scaling.ts'
import { measureStart } from './measure-start.ts'
import type { Section } from './results.ts'
import { measureTransfers } from './transfers.ts'

export type Extent = 'quick' | 'full'

export interface Part {
  readonly name: string
  /** What a quick run leaves out is measured by a full one only. */
  readonly isQuick: boolean
  measure(extent: Extent): Promise<readonly Section[]>
}

const counts = [1, 2, 4, 8, 16, 32]
const fullScaling: ScalingPlan = { inProcess: [counts, [1, 8, 32]], onKernel: counts }
const quickScaling: ScalingPlan = { inProcess: [[1, 32]], onKernel: [] }

export const parts: readonly Part[] = [
  { name: 'transfers', isQuick: true, measure: async () => [await measureTransfers()] },
  { name: 'peers', isQuick: true, measure: async (extent) => [await measurePeers(extent === 'quick' ? 2 : 11)] },
  { name: 'job', isQuick: false, measure: async () => [await measureJob(2)] },
  { name: 'floor', isQuick: false, measure: () => measureFloor(2) },
  {
    name: 'scaling',
    isQuick: true,
    measure: (extent) => measureScaling(extent === 'quick' ? quickScaling : fullScaling),
  },
  { name: 'platforms', isQuick: false, measure: measurePlatforms },
  { name: 'devices', isQuick: false, measure: measureDevices },
  { name: 'delta', isQuick: false, measure: async () => [await measureDelta(1)] },
  { name: 'start', isQuick: false, measure: () => measureStart(3) },
]
