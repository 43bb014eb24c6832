// The set-up flag of Gen 3 boards: a byte of the device configuration in DFU mode, a request while Device OS runs. It is
// read before, so that nothing is written that holds already, and after.
import { Fault } from '../../../../shared/fault/fault.ts'
import type { MemoryRange, PlanStep } from '../../../../shared/model/plan.ts'
import { withOpen } from '../../identity/identify.ts'
import { isSetupDone, setSetupDone } from '../../identity/requests.ts'
import { platformOf } from '../../platforms/platforms.ts'
import { acrossResets } from '../across-resets.ts'
import { dfuOf, type Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'

const already: StepReport = { bytes: 0, detail: 'it says so already' }

export function runSetUp(job: Job, step: Extract<PlanStep, { kind: 'set-up' }>): Promise<StepReport> {
  return step.way === 'dfu' ? inDfu(job, step.isDone) : byRequest(job, step.isDone)
}

async function inDfu(job: Job, isDone: boolean): Promise<StepReport> {
  const { setupDone } = platformOf(job.plan.platform)
  if (!setupDone) throw new Fault('INTERNAL', `${job.plan.platform} boards have no set-up flag`)
  const place = { alternate: setupDone.alternate, address: setupDone.address, sizeBytes: 1 }
  const wanted = isDone ? setupDone.done : setupDone.notDone
  if ((await readConfigurationByte(job, place)) === wanted) return already
  await writeConfigurationByte(job, place, wanted)
  return { bytes: 1, detail: 'written and read back' }
}

async function byRequest(job: Job, isDone: boolean): Promise<StepReport> {
  const { clock, signal } = job.request
  return acrossResets(job, () =>
    withOpen(job.device, { clock, signal }, async (link) => {
      if ((await isSetupDone(link)) === isDone) return already
      await setSetupDone(link, isDone)
      if ((await isSetupDone(link)) === isDone) return { bytes: 1, detail: 'set and read back' }
      throw new Fault('CONTROL_REQUEST_FAILED', 'the board took the set-up flag and reports the other state')
    }),
  )
}

/** Without an erase: the bootloader keeps the rest. Throws DFU_VERIFY_FAILED when another value is read back. */
export async function writeConfigurationByte(job: Job, place: MemoryRange, value: number): Promise<void> {
  const { alternate, address } = place
  await dfuOf(job).write({ alternate, address, data: Uint8Array.of(value), erase: false })
  const found = await readConfigurationByte(job, place)
  if (found === value) return
  throw new Fault('DFU_VERIFY_FAILED', `byte ${address} of the device configuration is ${found}, wanted ${value}`)
}

async function readConfigurationByte(job: Job, place: MemoryRange): Promise<number | undefined> {
  const [value] = await dfuOf(job).read(place)
  return value
}
