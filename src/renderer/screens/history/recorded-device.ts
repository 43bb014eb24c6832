// The device of a record, with all who had the same serial number when its job began or by its end: a twin may come to the
// bench while a job runs, and the serial number tells nothing from then on.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { LedgerRecord } from '../../../shared/model/record.ts'

/** Null for a Particle board. */
export function recordedDevice({ device, closing }: Pick<LedgerRecord, 'device' | 'closing'>): DfuIdentity | null {
  const later = closing?.deviceAfter?.twins ?? []
  return device && { ...device, twins: [...new Set([...device.twins, ...later])] }
}
