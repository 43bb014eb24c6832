// What is known of a job before it begins, as the ledger keeps it.
import { valueOrNull } from '../../../shared/model/identity.ts'
import type { RecordOpening } from '../../../shared/model/record.ts'
import type { JobRequest } from './job.ts'

export function openingOf(request: JobRequest, plan: readonly string[]): RecordOpening {
  const { board, recipe } = request
  return {
    slot: request.slot,
    portPath: board.portPath,
    platform: board.platform,
    deviceId: board.deviceId,
    serialNumber: valueOrNull(board.serialNumber),
    iccid: valueOrNull(board.iccid),
    iccidReason: board.iccid.known ? null : board.iccid.reason,
    imei: valueOrNull(board.imei),
    deviceOsBefore: valueOrNull(board.deviceOsVersion),
    recipeName: recipe.recipe.name,
    recipeSha256: recipe.sha256,
    isSimulated: request.isSimulated,
    startedAt: request.clock.now(),
    plan,
    modulesBefore: (valueOrNull(board.modules) ?? [])
      .filter((module) => module.store === 'main')
      .map(({ kind, index, version }) => ({ kind, index, version })),
    operator: request.operator,
  }
}
