// Removes the read protection, where there is one: a memory that can be read has none to remove, and keeps what it holds.
// The command erases all of the chip and resets it.
import { asFault } from '../../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../../shared/fault/fault-codes.ts'
import type { DeviceStep } from '../../../../shared/model/device-plan.ts'
import type { LoaderSession } from '../../dfu/loader-session.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import { unprotectMs } from '../device-deadlines.ts'
import type { DeviceJob } from '../device-job.ts'
import { closeLoader, inLoader, meetAgain, takeOwnReset } from '../in-and-out.ts'

/** As much as tells whether reading is allowed. */
const probeBytes = 16

export async function runUnprotect(
  job: DeviceJob,
  { alternate }: Extract<DeviceStep, { kind: 'unprotect' }>,
): Promise<StepReport> {
  const loader = await inLoader(job)
  if (await canBeRead(job, loader, alternate)) return { bytes: 0, detail: 'it can be read: there is no protection' }
  job.isTouched = true
  if ((await loader.readUnprotect()) === 'idle') await takeOwnReset(job)
  else {
    await closeLoader(job, 'leaving')
    await meetAgain(job, unprotectMs)
  }
  await inLoader(job)
  return { bytes: 0, detail: 'removed; the device erased all that it held' }
}

/** What a device answers to a read that its protection forbids. */
const protectedCodes: ReadonlySet<FaultCode> = new Set(['READ_PROTECTED', 'DEVICE_PROTECTED'])

async function canBeRead(job: DeviceJob, loader: LoaderSession, alternate: number): Promise<boolean> {
  if (!loader.canUpload) return false
  const address = job.plan.pieces.find((piece) => piece.alternate === alternate)?.address ?? null
  try {
    await loader.read({ alternate, address, sizeBytes: probeBytes })
    return true
  } catch (thrown) {
    if (protectedCodes.has(asFault(thrown).code)) return false
    throw thrown
  }
}
