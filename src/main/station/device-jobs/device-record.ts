// The record of a job on a DFU device: opened with what is known before it begins, closed with what it came to.
import { type Readable, valueOrNull } from '../../../shared/model/identity.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { RecordClosing, RecordOpening } from '../../../shared/model/record.ts'
import { commitClosing, commitOpening } from '../jobs/record-commit.ts'
import type { DeviceJob, DeviceJobRequest } from './device-job.ts'

/** Why what only Particle boards have is not there. */
const noParticle = 'not a Particle board'

export function openDeviceRecord(request: DeviceJobRequest, plan: readonly string[]): Promise<RecordId> {
  return commitOpening(request, openingOf(request, plan))
}

type DeviceJobEnd = Pick<RecordClosing, 'recordId' | 'outcome' | 'fault' | 'durationMs' | 'steps'>

export function closeDeviceRecord(job: DeviceJob, end: DeviceJobEnd): Promise<void> {
  const { request, after } = job
  return commitClosing(request, {
    ...end,
    endedAt: request.clock.now(),
    deviceOsAfter: null,
    deviceOsAfterReason: noParticle,
    iccid: null,
    imei: null,
    serialNumber: after && valueOrNull(after.serialNumber),
    modules: [],
    images: job.book.records(),
    deviceAfter: after,
    modulesAfter: [],
    modulesAfterReason: noParticle,
  })
}

function openingOf(request: DeviceJobRequest, plan: readonly string[]): RecordOpening {
  const { board, recipe } = request
  return {
    job: recipe.recipe.job,
    slot: request.slot,
    portPath: board.portPath,
    platform: null,
    deviceId: null,
    device: board,
    serialNumber: valueOrNull(board.serialNumber),
    serialNumberReason: reasonOf(board.serialNumber),
    iccid: null,
    iccidReason: noParticle,
    imei: null,
    imeiReason: noParticle,
    deviceOsBefore: null,
    deviceOsBeforeReason: noParticle,
    recipeName: recipe.recipe.name,
    recipeSha256: recipe.sha256,
    isSimulated: request.isSimulated,
    startedAt: request.clock.now(),
    plan,
    modulesBefore: [],
    modulesBeforeReason: noParticle,
    operator: request.operator,
    label: recipe.recipe.label,
    board: null,
    limits: recipe.recipe.limits,
  }
}

function reasonOf(readable: Readable<unknown>): string | null {
  return readable.known ? null : readable.reason
}
