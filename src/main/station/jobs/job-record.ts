// The record of a job on a Particle board: opened with what is known before it begins, closed with what it came to.
import type { FaultReport } from '../../../shared/fault/fault.ts'
import { type ParticleIdentity, type Readable, valueOrNull } from '../../../shared/model/identity.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { BoardFacts, ModuleReading, Outcome, RecordOpening, StepRecord } from '../../../shared/model/record.ts'
import type { Job, JobRequest } from './job.ts'
import { commitClosing, commitOpening, notReadAgain } from './record-commit.ts'

export function openRecord(request: JobRequest, plan: readonly string[]): Promise<RecordId> {
  return commitOpening(request, openingOf(request, plan))
}

export interface JobEnd {
  readonly recordId: RecordId
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly durationMs: number
  readonly steps: readonly StepRecord[]
}

export function closeRecord(job: Job, end: JobEnd): Promise<void> {
  const { board, request, after } = job
  return commitClosing(request, {
    ...end,
    endedAt: request.clock.now(),
    deviceOsAfter: after && valueOrNull(after.deviceOsVersion),
    deviceOsAfterReason: after ? reasonOf(after.deviceOsVersion) : notReadAgain,
    iccid: valueOrNull(board.iccid),
    imei: valueOrNull(board.imei),
    serialNumber: valueOrNull(board.serialNumber),
    modules: job.book.records(),
    images: [],
    deviceAfter: null,
    modulesAfter: after ? readingsOf(after) : [],
    modulesAfterReason: after ? reasonOf(after.modules) : notReadAgain,
  })
}

function openingOf(request: JobRequest, plan: readonly string[]): RecordOpening {
  const { board, recipe } = request
  return {
    job: recipe.recipe.job,
    slot: request.slot,
    portPath: board.portPath,
    platform: board.platform,
    deviceId: board.deviceId,
    device: null,
    serialNumber: valueOrNull(board.serialNumber),
    serialNumberReason: reasonOf(board.serialNumber),
    iccid: valueOrNull(board.iccid),
    iccidReason: reasonOf(board.iccid),
    imei: valueOrNull(board.imei),
    imeiReason: reasonOf(board.imei),
    deviceOsBefore: valueOrNull(board.deviceOsVersion),
    deviceOsBeforeReason: reasonOf(board.deviceOsVersion),
    recipeName: recipe.recipe.name,
    recipeSha256: recipe.sha256,
    isSimulated: request.isSimulated,
    startedAt: request.clock.now(),
    plan,
    modulesBefore: readingsOf(board),
    modulesBeforeReason: reasonOf(board.modules),
    operator: request.operator,
    label: recipe.recipe.label,
    board: factsOf(board),
    limits: recipe.recipe.limits,
  }
}

function factsOf({ mode, isProtected, isListening, setupDone, ncpVersion, assets }: ParticleIdentity): BoardFacts {
  return { mode, isProtected, isListening, setupDone, ncpVersion, assets }
}

function reasonOf(readable: Readable<unknown>): string | null {
  return readable.known ? null : readable.reason
}

/** What lies in the main store: copies in other stores do not run. */
function readingsOf(board: ParticleIdentity): readonly ModuleReading[] {
  return (valueOrNull(board.modules) ?? [])
    .filter((module) => module.store === 'main')
    .map(({ kind, index, version, integrity, dependenciesMet, suffixSha256 }) => ({
      ...{ kind, index, version, integrity, dependenciesMet, suffixSha256 },
    }))
}
