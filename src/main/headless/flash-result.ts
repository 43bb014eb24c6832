// The object that scripts get for each finished job: a stable form, made from the committed record alone.

import { describeFault, type FaultReport } from '../../shared/fault/fault.ts'
import { faultCodes } from '../../shared/fault/fault-codes.ts'
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import { particleOf, valueOrNull } from '../../shared/model/identity.ts'
import { moduleName } from '../../shared/model/module.ts'
import type { JobKind } from '../../shared/model/recipe.ts'
import type { LedgerRecord, ModuleRecord, Outcome } from '../../shared/model/record.ts'
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
  readonly outcome: Outcome | 'open'
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
}

export interface Summary {
  readonly pass: number
  readonly fail: number
  /** Everything else: errors of the station, jobs that were stopped or cut off. */
  readonly error: number
}

export function resultOfRecord(record: LedgerRecord): FlashResult {
  const { slot, portPath, platform, deviceId, recordId, closing } = record
  return {
    job: record.job,
    slot,
    portPath,
    platform,
    deviceId,
    iccid: closing?.iccid ?? record.iccid,
    outcome: closing?.outcome ?? 'open',
    alreadyCurrent: isAlreadyCurrent(record),
    fault: withWords(closing?.fault ?? null, platform),
    durationMs: closing?.durationMs ?? null,
    recordId,
    modules: (closing?.modules ?? []).map(({ kind, index, before, target, after, sha256, proof, action, reason }) => ({
      ...{ kind, index, before, target, after, sha256, proof, action, reason },
    })),
  }
}

/** A board that has no closed record: it was refused, or the ledger could not be written. */
export function resultOfSlot({ slot, portPath, board: visitor, job, fault }: SlotView): FlashResult {
  const board = particleOf(visitor)
  return {
    job: job?.job ?? null,
    slot,
    portPath,
    platform: board?.platform ?? null,
    deviceId: board?.deviceId ?? null,
    iccid: board ? valueOrNull(board.iccid) : null,
    outcome: job?.outcome ?? (fault ? faultCodes[fault.code].outcome : 'error'),
    alreadyCurrent: false,
    fault: withWords(fault, board?.platform ?? null),
    durationMs: job?.durationMs ?? null,
    recordId: job?.recordId ?? null,
    modules: [],
  }
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
  }
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
  const { slot, platform, deviceId, fault, durationMs, modules } = result
  const seconds = durationMs === null ? '' : ` in ${(durationMs / 1000).toFixed(1)} s`
  const head = `slot ${slot ?? '-'}  ${platform ?? '?'}  ${deviceId ?? '?'}  ${doneWord(result)}${seconds}`
  if (fault) return `${head}  ${fault.code}: ${fault.detail}. ${fault.remedy}`
  const proofs = modules.map(
    (module) => `${moduleName(module)} ${module.before ?? '?'}>${module.after} ${module.proof}`,
  )
  return `${head}  ${proofs.join(', ')}`
}
