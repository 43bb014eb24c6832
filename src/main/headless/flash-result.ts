// The object that scripts get for each finished job: a stable form, made from the committed record alone.

import { describeFault, type FaultReport } from '../../shared/fault/fault.ts'
import { faultCodes } from '../../shared/fault/fault-codes.ts'
import { addressText } from '../../shared/model/address.ts'
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import { boardName, boardType, platformOrDevice, recordName, recordType } from '../../shared/model/board-name.ts'
import { type DfuIdentity, revisionText } from '../../shared/model/dfu-identity.ts'
import { particleOf, valueOrNull } from '../../shared/model/identity.ts'
import { moduleName } from '../../shared/model/module.ts'
import type { JobKind } from '../../shared/model/recipe.ts'
import type { ImageRecord, LedgerRecord, ModuleRecord, Outcome } from '../../shared/model/record.ts'
import type { SlotView } from '../../shared/model/slot.ts'

export interface FlashResult {
  /** null: the board stands on a port that belongs to no slot, and no job was begun. */
  readonly job: JobKind | null
  /** null: the board stands on a port that belongs to no slot. */
  readonly slot: number | null
  readonly portPath: string | null
  readonly platform: string | null
  readonly deviceId: string | null
  readonly iccid: string | null
  /** waiting: nobody has said which product the board is, so nothing was done with it; then `question` asks. */
  readonly outcome: Outcome | 'open' | 'waiting'
  /** A passed flash of a board that held everything: nothing was written, all was proven. */
  readonly alreadyCurrent: boolean
  readonly fault: (FaultReport & { readonly title: string; readonly remedy: string }) | null
  readonly durationMs: number | null
  /** null: no record could be opened, so nothing was written to the board. */
  readonly recordId: string | null
  readonly modules: readonly Pick<
    ModuleRecord,
    'kind' | 'index' | 'before' | 'target' | 'after' | 'sha256' | 'proof' | 'action' | 'reason'
  >[]
  /** The platform, or the product name or the ids of a DFU device; see board-name.ts. */
  readonly type: string | null
  /** The device ID, or what stands for it. */
  readonly name: string | null
  /** Of a DFU device that is no Particle board; empty elsewhere. */
  readonly images: readonly ImageRecord[]
  /** bcdDevice of its program, where that ran. */
  readonly revisionBefore: string | null
  readonly revisionAfter: string | null
  readonly question: string | null
}

export interface Summary {
  readonly pass: number
  readonly fail: number
  /** Everything else: errors of the station, jobs that were stopped or cut off. */
  readonly error: number
}

export function resultOfRecord(record: LedgerRecord): FlashResult {
  const { slot, portPath, platform, deviceId, recordId, closing, device } = record
  return {
    job: record.job,
    slot,
    portPath,
    platform,
    deviceId,
    iccid: closing?.iccid ?? record.iccid,
    outcome: closing?.outcome ?? 'open',
    alreadyCurrent: isAlreadyCurrent(record),
    fault: withWords(closing?.fault ?? null, device ? 'device' : platform),
    durationMs: closing?.durationMs ?? null,
    recordId,
    modules: (closing?.modules ?? []).map(({ kind, index, before, target, after, sha256, proof, action, reason }) => ({
      ...{ kind, index, before, target, after, sha256, proof, action, reason },
    })),
    ...{ type: recordType(record), name: recordName(record), images: closing?.images ?? [] },
    ...{ revisionBefore: revisionOf(device), revisionAfter: revisionOf(closing?.deviceAfter ?? null), question: null },
  }
}

/** A board that has no closed record: it was refused, the ledger could not be written, or it waits for an answer. */
export function resultOfSlot(view: SlotView): FlashResult {
  const { slot, portPath, board: visitor, job, fault, question } = view
  const board = particleOf(visitor)
  return {
    job: job?.job ?? null,
    slot,
    portPath,
    platform: board?.platform ?? null,
    deviceId: board?.deviceId ?? null,
    iccid: board ? valueOrNull(board.iccid) : null,
    outcome: outcomeOfSlot(view),
    alreadyCurrent: false,
    fault: withWords(fault, platformOrDevice(visitor)),
    durationMs: job?.durationMs ?? null,
    recordId: job?.recordId ?? null,
    modules: [],
    ...{ type: visitor && boardType(visitor), name: visitor && boardName(visitor), images: job?.images ?? [] },
    ...{ revisionBefore: job?.revisionBefore ?? null, revisionAfter: null, question },
  }
}

function outcomeOfSlot({ job, fault, question }: SlotView): FlashResult['outcome'] {
  if (question !== null) return 'waiting'
  return job?.outcome ?? (fault ? faultCodes[fault.code].outcome : 'error')
}

/** A board that no slot had room for: it is here, and nothing was done with it. */
export function resultOfStray(portPath: string): FlashResult {
  const fault = { code: 'PORT_UNASSIGNED', detail: `the board on port ${portPath} is in no slot` } as const
  return {
    ...{ job: null, slot: null, portPath, platform: null, deviceId: null, iccid: null },
    ...{
      outcome: 'error',
      alreadyCurrent: false,
      fault: withWords(fault, null),
      durationMs: null,
      recordId: null,
      modules: [],
    },
    ...{ type: null, name: null, images: [], revisionBefore: null, revisionAfter: null, question: null },
  }
}

function revisionOf(device: DfuIdentity | null): string | null {
  return device?.mode === 'normal' ? revisionText(device.revision) : null
}

function withWords(fault: FaultReport | null, platform: string | null): FlashResult['fault'] {
  return fault ? { ...fault, ...describeFault(fault, platform) } : null
}

/** "PASS", "PASS (already current)", "PASS (verify)": what kind of job said it, where it was no plain flash. */
function doneWord({ job, outcome, alreadyCurrent }: FlashResult): string {
  const word = outcome.toUpperCase()
  if (alreadyCurrent) return `${word} (already current)`
  return job === null || job === 'flash' ? word : `${word} (${job})`
}

export function resultLine(result: FlashResult): string {
  const { slot, type, name, fault, durationMs, question } = result
  const seconds = durationMs === null ? '' : ` in ${(durationMs / 1000).toFixed(1)} s`
  const head = `slot ${slot ?? '-'}  ${type ?? '?'}  ${name ?? '?'}  ${doneWord(result)}${seconds}`
  if (fault) return `${head}  ${fault.code}: ${fault.detail}. ${fault.remedy}`
  return `${head}  ${question ?? proofsText(result)}`
}

function proofsText({ modules, images, revisionBefore, revisionAfter }: FlashResult): string {
  const proofs = modules.map(
    (module) => `${moduleName(module)} ${module.before ?? '?'}>${module.after} ${module.proof}`,
  )
  const pieces = images.map(({ memory, address, action, proof }) => `${placeText(memory, address)} ${action} ${proof}`)
  const isDevice = images.length > 0 || revisionBefore !== null || revisionAfter !== null
  const versions = isDevice ? [`version ${revisionBefore ?? '?'}>${revisionAfter ?? '?'}`] : []
  return [...proofs, ...pieces, ...versions].join(', ')
}

function placeText(memory: string, address: number | null): string {
  return address === null ? memory : `${memory} ${addressText(address)}`
}
