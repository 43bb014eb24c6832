// Where else the serial number of a device was met, as one record tells it. A twin may come while the job runs, so what was
// known at its beginning is not all.
import type { PortPath } from './ids.ts'
import type { LedgerRecord } from './record.ts'

/** Empty for a Particle board, and where the serial number was met on no other port. */
export function twinsOf({ device, closing }: Pick<LedgerRecord, 'device' | 'closing'>): readonly PortPath[] {
  return [...new Set([...(device?.twins ?? []), ...(closing?.deviceAfter?.twins ?? [])])]
}
