// The record of a job: opened with what is known before it begins, closed with what it came to. A ledger that does not
// answer is a ledger that does not write.
import { Fault, type FaultReport, reportOf } from '../../../shared/fault/fault.ts'
import { type ParticleIdentity, type Readable, valueOrNull } from '../../../shared/model/identity.ts'
import type { RecordId } from '../../../shared/model/ids.ts'
import type { BoardFacts, ModuleReading, Outcome, RecordOpening, StepRecord } from '../../../shared/model/record.ts'
import type { Clock } from '../ports.ts'
import { ledgerMs } from './deadlines.ts'
import type { Job, JobRequest } from './job.ts'

/** Why nothing is known of the board as the job left it. */
const notReadAgain = 'the job ended before the board was identified again'

/** Resolves once the record is committed; throws what the ledger throws, or LEDGER_UNWRITABLE past the deadline. */
export async function openRecord(request: JobRequest, plan: readonly string[]): Promise<RecordId> {
  const opening = request.records.open(openingOf(request, plan))
  try {
    return await inTime(opening, request.clock, 'the record was not opened')
  } catch (thrown) {
    // One that is opened after all is closed at once: nothing was done to the board.
    opening.then((recordId) => closeUnused(request, recordId)).catch(() => undefined)
    throw thrown
  }
}

export interface JobEnd {
  readonly recordId: RecordId
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly durationMs: number
  readonly steps: readonly StepRecord[]
}

/** As openRecord: when it throws, there is no verdict to tell. */
export async function closeRecord(job: Job, end: JobEnd): Promise<void> {
  const { board, request, after } = job
  const closing = request.records.close({
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
  closing.catch(() => undefined)
  await inTime(closing, request.clock, `record ${end.recordId} was not closed`)
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

function closeUnused(request: JobRequest, recordId: RecordId): Promise<void> {
  const nothing = {
    ...{ deviceOsAfter: null, deviceOsAfterReason: notReadAgain, iccid: null, imei: null, serialNumber: null },
    ...{ steps: [], modules: [], images: [], deviceAfter: null, modulesAfter: [], modulesAfterReason: notReadAgain },
  } as const
  const fault = reportOf(
    new Fault('LEDGER_UNWRITABLE', 'the record was opened too late; nothing was done to the board'),
  )
  return request.records.close({
    ...nothing,
    recordId,
    outcome: 'error',
    fault,
    endedAt: request.clock.now(),
    durationMs: 0,
  })
}

async function inTime<T>(work: Promise<T>, clock: Clock, complaint: string): Promise<T> {
  const answered = new AbortController()
  const late = clock.sleep(ledgerMs, answered.signal).then(() => {
    throw new Fault('LEDGER_UNWRITABLE', `${complaint}: no answer in ${ledgerMs} ms`)
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    answered.abort()
  }
}
