// Where the factory image of this very board belongs: the platform says it, unless the size of the external flash
// decides, which only the memory string of the bootloader tells.
import { Fault } from '../../../shared/fault/fault.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'
import { factoryImageOf, platformOf } from '../platforms/platforms.ts'
import { dfuOf, type Job } from './job.ts'

export interface DfuAddress {
  readonly alternate: number
  readonly address: number
}

/** Throws PLAN_REFUSED where the board shows a flash of a size that no factory image is known for. */
export function addressOf(
  job: Job,
  { place, range }: Extract<PlanStep, { kind: 'write' | 'verify' | 'examine' }>,
): DfuAddress {
  const planned = { alternate: range.alternate, address: range.address }
  const { factoryImages } = platformOf(job.plan.platform)
  if (place === 'main' || factoryImages.every(({ externalFlashBytes }) => externalFlashBytes === null)) return planned
  const sizeBytes = memoryBytes(job, range.alternate)
  const found = factoryImageOf(job.plan.platform, sizeBytes)
  if (found) return { alternate: found.alternate, address: found.address }
  throw new Fault('PLAN_REFUSED', `no factory image is known for an external flash of ${sizeBytes} bytes`)
}

function memoryBytes(job: Job, alternate: number): number {
  const { segments } = dfuOf(job).memory(alternate)
  return segments.reduce((sum, { sectorBytes, sectorCount }) => sum + sectorBytes * sectorCount, 0)
}
