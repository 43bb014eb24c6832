// A DFU device of a record in each mode that the job met it in: its ids are not the same in both.
import type { DfuIdentity } from '../../shared/model/dfu-identity.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'

/** As it was before the job and after it; empty for a Particle board. */
export function facesOf(record: Pick<LedgerRecord, 'device' | 'closing'> | null): readonly DfuIdentity[] {
  return [record?.device, record?.closing?.deviceAfter].filter((face) => face !== null && face !== undefined)
}
